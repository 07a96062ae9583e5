//! Why a quantity is unknown. What a reason means for a question belongs to the book, not here.

super::words::words! {
    /// Why something is unknown.
    Reason("reason"),
    /// The reasons of one unknown; several where unknowns were computed with one another.
    Reasons(","),
    {
        /// The text can be read in more than one way.
        Ambiguous = "ambiguous",
        /// Sources disagree, and none is preferred.
        Conflict = "conflict",
        /// It can't be computed from what is known.
        NotComputable = "not_computable",
        /// No source of the book is about it.
        NotInBook = "not_in_book",
        /// The source is about it and does not say.
        NotStated = "not_stated",
        /// It is given only relative to something that is itself unknown.
        RelativeOnly = "relative_only",
        /// The source names or counts no one: "several countries".
        Unnamed = "unnamed",
        /// No order of the two is known.
        Unordered = "unordered",
    }
}
