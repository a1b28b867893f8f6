use std::net::{Ipv4Addr, TcpListener};

use super::*;
use crate::record::tests::wallet;

fn port(view: &ServiceView) -> u16 {
    let address: url::Url = view.fhir.as_ref().unwrap().parse().unwrap();
    address.port().unwrap()
}

#[tokio::test]
async fn beside_another_program_the_first_free_port_becomes_this_wallets() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    // Where the usual port is taken already it is not this test's, and taken all the same.
    let _other = TcpListener::bind((Ipv4Addr::LOCALHOST, USUAL_PORT));
    let first = wallet.open_service(ServiceSetting::default()).await.unwrap();
    assert_ne!(port(&first), USUAL_PORT);
    wallet.close_service().await.unwrap();
    let again = wallet.open_service(ServiceSetting::default()).await.unwrap();
    assert_eq!(port(&again), port(&first), "others know it by now");
    wallet.close_service().await.unwrap();
}

#[tokio::test]
async fn a_port_that_was_named_or_is_known_is_not_exchanged_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let taken = other.local_addr().unwrap().port();
    let named = ServiceSetting { port: Some(taken), ..ServiceSetting::default() };
    let refused = wallet.open_service(named.clone()).await;
    assert!(matches!(refused, Err(WalletError::Service(ServiceError::Start(_)))), "{refused:?}");
    drop(other);
    assert_eq!(port(&wallet.open_service(named).await.unwrap()), taken);
    wallet.close_service().await.unwrap();
    let _other = TcpListener::bind((Ipv4Addr::LOCALHOST, taken)).unwrap();
    let refused = wallet.open_service(ServiceSetting::default()).await;
    assert!(matches!(refused, Err(WalletError::Service(ServiceError::Start(_)))), "{refused:?}");
    assert!(!wallet.service().on);
}
