-- What the comparisons of levels.toml are written with; `dialect` puts them in their place for Spark,
-- so both files are written in what means the same there: array_length of lists, len of texts. `slip` is people.compare_names.one_slip:
-- one character wrong, missing or too many, or two neighbours exchanged.
-- CASE, for of what is joined by AND or OR both sides are worked out.
CREATE OR REPLACE MACRO slip(a, b) AS
    CASE WHEN abs(len(a) - len(b)) > 1 THEN false ELSE damerau_levenshtein(a, b) <= 1 END;
CREATE OR REPLACE MACRO slipped(a, b) AS
    CASE WHEN substr(a, 1, 1) = substr(b, 1, 1) OR (substr(a, 1, 1) = substr(b, 2, 1) AND substr(a, 2, 1) = substr(b, 1, 1)) THEN slip(a, b) ELSE false END;
-- Whether a word of one list can be a word of the other mistyped. Nearly always both have one.
CREATE OR REPLACE MACRO mistyped(a, b) AS
    CASE
        WHEN array_length(a) = 0 OR array_length(b) = 0 THEN false
        WHEN array_length(a) = 1 AND array_length(b) = 1 THEN slipped(a[1], b[1])
        ELSE list_bool_or(list_transform(a, lambda x: list_bool_or(list_transform(b, lambda y: slipped(x, y)))))
    END;
CREATE OR REPLACE MACRO alike(words_a, sounds_a, words_b, sounds_b) AS
    CASE WHEN list_has_any(sounds_a, sounds_b) THEN true ELSE mistyped(words_a, words_b) END;
-- Whether the family name of one can be the given name of the other.
CREATE OR REPLACE MACRO crossed(family, family_words, family_sounds, given, given_words, given_sounds) AS
    CASE
        WHEN list_has_any(family, given) THEN true
        ELSE alike(family_words, family_sounds, given_words, given_sounds)
    END;
CREATE OR REPLACE MACRO initials(a, letters_a, b, letters_b) AS
    list_has_any(a, letters_b) OR list_has_any(b, letters_a);
CREATE OR REPLACE MACRO day_turned(a, b) AS
    substr(a, 1, 4) = substr(b, 1, 4) AND substr(a, 6, 2) = substr(b, 9, 2) AND substr(a, 9, 2) = substr(b, 6, 2);
CREATE OR REPLACE MACRO years_between(a, b) AS floor(abs(date_diff('day', a, b)) / 365.25);
