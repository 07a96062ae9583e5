//! The tests of the bundled book, a program of their own: a book that has been opened keeps its memory until the process ends,
//! and these open thousands.

mod book;

mod scratch {
    //! What several parts share.
    pub(crate) mod long;
    pub(crate) mod printed;
}
