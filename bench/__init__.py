"""How long what an agent feels takes, beside the same rows read and written with plain SQL on the same server in the same run."""
