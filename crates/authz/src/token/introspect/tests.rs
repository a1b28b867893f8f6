use serde_json::Value;
use types::GrantId;

use super::*;
use crate::testing::{World, bearing, form, order};
use crate::{Issued, Mint, Permission, TokenFormat, WhyEnded};

struct Scene {
    world: World,
    app: Client,
    server: Client,
    grant: GrantId,
    token: Issued,
}

/// A token of an app, for one other resource server.
fn scene(format: TokenFormat) -> Scene {
    let mut world = World::new();
    let app = world.public();
    let server = world.with_secret(ClientKind::ResourceServer);
    let at = Where::At(server.id.clone());
    let permission = |name: &str, at: &Where| {
        let scopes = ["view", "print"].map(str::to_owned).into();
        Permission { at: at.clone(), resource: name.to_owned(), scopes }
    };
    let elsewhere = Where::At(world.with_secret(ClientKind::ResourceServer).id);
    let permissions = vec![permission("one", &at), permission("two", &at), permission("far", &elsewhere)];
    let grant = world.approve(&app, "patient/*.rs", format, permissions);
    let only = [Permission { at: at.clone(), resource: "one".to_owned(), scopes: vec!["view".to_owned()] }];
    world.grant(&server, "uma_protection");
    let token = world.step().mint(&Mint { at, only: Some(&only), ..order(&app, &grant, None) }).unwrap();
    Scene { world, app, server, grant, token }
}

fn ask(world: &mut World, client: &Client, token: &str) -> Value {
    world.step().introspect(client, &form(&[("token", token)])).unwrap()
}

fn inactive() -> Value {
    json!({ "active": false })
}

fn both() -> [TokenFormat; 2] {
    [TokenFormat::Opaque, TokenFormat::Jwt]
}

#[test]
fn a_resource_server_learns_what_the_token_opens_there_and_no_more() {
    for format in both() {
        let Scene { mut world, app, server, token, .. } = scene(format);
        let told = ask(&mut world, &server, token.access_token.expose());
        assert_eq!(told["active"], true);
        assert_eq!(told["permissions"], json!([{"resource_id": "one", "resource_scopes": ["view"]}]));
        assert_eq!(told["client_id"], app.id.as_str());
        assert_eq!(told["aud"], server.id.as_str());
        assert_eq!(told["iss"], "https://wallet.example");
        assert_eq!(told["exp"], world.now.as_second() + token.expires_in);
        for absent in ["scope", "patient", "authorization_details", "grant", "username"] {
            assert!(told.get(absent).is_none(), "{absent}");
        }
    }
}

#[test]
fn tokens_that_are_expired_ended_unknown_or_revoked_are_inactive_and_nothing_else() {
    for format in both() {
        let Scene { mut world, server, token, .. } = scene(format);
        let text = token.access_token.expose();
        for unknown in ["x", "a.b.c", &format!("{text}x"), token.refresh_token.as_ref().unwrap().expose()] {
            assert_eq!(ask(&mut world, &server, unknown), inactive());
        }
        world.later(token.expires_in);
        assert_eq!(ask(&mut world, &server, text), inactive());

        let Scene { mut world, server, grant, token, .. } = scene(format);
        world.step().end(&grant, WhyEnded::Owner).unwrap();
        assert_eq!(ask(&mut world, &server, token.access_token.expose()), inactive());

        let Scene { mut world, app, server, token, .. } = scene(format);
        let text = token.access_token.expose();
        world.step().revoke(&app, &form(&[("token", text)])).unwrap();
        assert_eq!(ask(&mut world, &server, text), inactive());
    }
}

#[test]
fn a_token_for_somebody_else_is_inactive() {
    for format in both() {
        let Scene { mut world, app, token, grant, server } = scene(format);
        let other = world.with_secret(ClientKind::ResourceServer);
        let confidential = world.with_secret(ClientKind::App);
        let public = world.client(ClientKind::ResourceServer, None);
        for client in [&other, &app, &confidential, &public] {
            assert_eq!(ask(&mut world, client, token.access_token.expose()), inactive());
        }
        // One for the wallet's own server, and a protection token of the very server that asks.
        let here = world.mint(&app, &grant);
        assert_eq!(ask(&mut world, &server, here.access_token.expose()), inactive());
        let let_in = world.grant(&server, "uma_protection");
        let protecting = world.mint(&server, &let_in);
        assert_eq!(ask(&mut world, &server, protecting.access_token.expose()), inactive());
    }
}

#[test]
fn introspection_stays_shut_when_its_door_is() {
    let Scene { mut world, server, token, .. } = scene(TokenFormat::Opaque);
    world.setting.doors.remove(&Door::Federation);
    let asked = world.step().introspect(&server, &form(&[("token", token.access_token.expose())]));
    assert_eq!(asked.unwrap_err().code, crate::ErrorCode::NotFound);
}

#[test]
fn a_permission_that_the_grant_does_not_give_is_not_minted() {
    let Scene { mut world, app, server, grant, .. } = scene(TokenFormat::Opaque);
    let at = Where::At(server.id.clone());
    for (resource, scope) in [("one", "delete"), ("three", "view"), ("far", "view")] {
        let only = [Permission { at: at.clone(), resource: resource.to_owned(), scopes: vec![scope.to_owned()] }];
        let order = Mint { at: at.clone(), only: Some(&only), ..order(&app, &grant, None) };
        let refused = world.step().mint(&order).unwrap_err();
        assert_eq!(refused.code, crate::ErrorCode::InvalidTarget, "{resource} {scope}");
    }
}

#[test]
fn a_stranger_revokes_nothing() {
    for format in both() {
        let Scene { mut world, app, server, grant, .. } = scene(format);
        let token = world.mint(&app, &grant);
        let stranger = world.public();
        for text in [&token.access_token, token.refresh_token.as_ref().unwrap()] {
            for client in [&stranger, &server] {
                assert!(world.step().revoke(client, &form(&[("token", text.expose())])).is_ok());
            }
        }
        assert!(world.step().bearer(&bearing(&token)).is_ok());
        assert_eq!(world.ledger.tokens.iter().filter(|row| row.kind == TokenKind::Refresh).count(), 2);
    }
}

#[test]
fn a_revoked_refresh_token_takes_its_family_along() {
    for format in both() {
        let Scene { mut world, app, grant, .. } = scene(format);
        let token = world.mint(&app, &grant);
        let refresh = token.refresh_token.as_ref().unwrap().expose();
        let hinted = form(&[("token", refresh), ("token_type_hint", "access_token")]);
        world.step().revoke(&app, &hinted).unwrap();
        assert!(world.step().bearer(&bearing(&token)).is_err());
        assert_eq!(world.ledger.tokens.count(), 0);
        assert!(world.step().revoke(&app, &hinted).is_ok(), "again changes nothing");
    }
}

#[test]
fn a_revoked_access_token_leaves_the_refresh_token() {
    for format in both() {
        let Scene { mut world, app, grant, .. } = scene(format);
        let token = world.mint(&app, &grant);
        world.step().revoke(&app, &form(&[("token", token.access_token.expose())])).unwrap();
        assert!(world.step().bearer(&bearing(&token)).is_err());
        assert!(world.ledger.tokens.find(&fingerprint(token.refresh_token.unwrap().expose())).is_some());
    }
}

#[test]
fn introspection_without_authentication_tells_nothing() {
    let Scene { mut world, server, token, .. } = scene(TokenFormat::Opaque);
    let text = token.access_token.expose();
    // The name of the resource server alone authenticates nobody.
    for pairs in [vec![("token", text.as_str())], vec![("token", text.as_str()), ("client_id", server.id.as_str())]] {
        let refused = world.step().authenticate(&form(&pairs), None).unwrap_err();
        assert!(matches!(refused, crate::Stop::Refused(why) if why.code == crate::ErrorCode::InvalidClient));
    }
    // A row that says it is one, and has nothing to prove it with.
    let unproven = Client { keys: None, ..server };
    assert_eq!(ask(&mut world, &unproven, text), inactive());
}

#[test]
fn a_resource_server_that_is_no_longer_let_in_or_is_blocked_learns_nothing() {
    for format in both() {
        let Scene { mut world, server, token, .. } = scene(format);
        let let_in = world.step().let_in(&server.id).unwrap();
        world.step().end(&let_in, WhyEnded::Owner).unwrap();
        assert_eq!(ask(&mut world, &server, token.access_token.expose()), inactive());

        let Scene { mut world, server, token, .. } = scene(format);
        world.step().block_client(&server.id).unwrap();
        assert_eq!(ask(&mut world, &server, token.access_token.expose()), inactive());
    }
}
