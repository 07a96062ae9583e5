//! Taint: the assumptions that plain values of scripts may rest on. A quantity names what it rests on; a number taken out of
//! it, or a comparison with it, can't. So whatever a run answers after such a step rests on what the quantity does. What
//! becomes of the variables that it sets is `tainted`'s.

use crate::quantity::{Assumptions, Worked};
use rhai::Dynamic;
use std::cell::RefCell;

thread_local! {
    /// What was noted since it was last taken. The functions that look at quantities know no interpreter, and one runs at
    /// a time.
    static NOTED: RefCell<Assumptions> = RefCell::default();
}

/// Takes note of a value from which something is made that can't say what it rests on.
pub(super) fn note(value: &Dynamic) {
    if let Some(worked) = value.read_lock::<Worked>() {
        note_worked(&worked);
    }
}

/// As [`note`], of a quantity.
pub(super) fn note_worked(worked: &Worked) {
    if !worked.quantity.assumptions().is_empty() {
        let assumed = worked.quantity.assumptions().about_book();
        NOTED.with_borrow_mut(|noted| *noted = noted.union(&assumed));
    }
}

/// Takes what was noted.
pub(super) fn take() -> Assumptions {
    NOTED.take()
}
