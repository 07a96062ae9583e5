-- The sources. The digest is of the exact text that positions are counted in; the text itself is not in the book.

INSERT INTO source (id, description, title, publisher, url, published, retrieved, sha256, authority, unknown) VALUES
('S1', 'a news text', NULL, NULL, NULL, NULL, NULL, '6bc168d136b42cf7ad9b2eb9bfb3d1571115bac72470182003b4cb0ff0882d78', 'unknown', 'U28');
