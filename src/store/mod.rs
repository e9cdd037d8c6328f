//! What is kept: the only module that names sled.
