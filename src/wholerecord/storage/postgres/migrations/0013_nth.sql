-- Which opening of this person's record each is: where one is left out, a number is missing.
ALTER TABLE opening ADD COLUMN nth integer NOT NULL DEFAULT 0;
