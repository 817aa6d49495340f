"""The one language of lists: of the search box, of saved views, of addresses, and of whatever else chooses tickets."""
