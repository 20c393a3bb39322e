CREATE TABLE rule_book (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version uuid NOT NULL
);
CREATE FUNCTION general_rules_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rule_book (version) VALUES (gen_random_uuid())
    ON CONFLICT (one) DO UPDATE SET version = excluded.version;
    RETURN NULL;
END $$;
CREATE TRIGGER rule_begun AFTER INSERT ON rule
FOR EACH ROW WHEN (NEW.person IS NULL) EXECUTE FUNCTION general_rules_changed();
CREATE TRIGGER rule_changed AFTER UPDATE ON rule
FOR EACH ROW WHEN (OLD.person IS NULL OR NEW.person IS NULL)
EXECUTE FUNCTION general_rules_changed();
CREATE TRIGGER rule_gone AFTER DELETE ON rule
FOR EACH ROW WHEN (OLD.person IS NULL) EXECUTE FUNCTION general_rules_changed();
INSERT INTO rule_book (version) SELECT gen_random_uuid() WHERE EXISTS (SELECT FROM rule);
