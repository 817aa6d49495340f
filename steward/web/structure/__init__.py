"""How tickets hang together: merging, splitting, moving, side conversations, watching, previews of other tickets."""
