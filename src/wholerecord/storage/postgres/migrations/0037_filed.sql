-- What was filed is read in the order it was filed, whoever it is about: `_history` of a type.
CREATE INDEX statement_filed ON statement (filed);
