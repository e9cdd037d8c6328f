//! A page into a listing.
