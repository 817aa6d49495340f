"""What the palette finds on the server: tickets, people and views, by whatever the other screens registered."""
