"""What is done with what was heard: one set of rules for every vendor, in the transaction of the envelope."""
