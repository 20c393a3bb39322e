-- Rules about what somebody wrote, and about a time: its days, both in it; an open end is null.
ALTER TABLE rule
ADD COLUMN author text,
ADD COLUMN first_day date,
ADD COLUMN last_day date;
