//! The network: the only module that opens outgoing connections.

pub mod decode;
