//! Resources of other resource servers (UMA 2.0 Federated Authorization).
