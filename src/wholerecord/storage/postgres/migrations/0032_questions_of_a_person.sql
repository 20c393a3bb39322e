-- How many questions wait about one person is asked whenever their record opens.
CREATE INDEX review_person ON review (person);
