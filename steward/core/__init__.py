"""Parts without a subject: clock, errors, text, paging, the embedded database server. Imports no other package of the house."""
