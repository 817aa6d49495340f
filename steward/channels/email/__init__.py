"""E-mail: what a letter says, who it is from, what its writer wrote of it; fetching letters and handing them in."""
