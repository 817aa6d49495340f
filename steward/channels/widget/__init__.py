"""The channel that stands on other pages of the company: the portal's chat behind one script tag."""
