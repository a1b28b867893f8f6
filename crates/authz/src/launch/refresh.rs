use consent::{Permit, Scope, Scopes};

use crate::decide::permits_within;
use crate::{
    Approved, Client, ErrorCode, Form, Issued, Mint, OAuthError, Permission, Refresh, Step, Stop, Token, TokenKind,
    Where, fingerprint,
};

impl Step<'_> {
    /// A refresh token for the next tokens (RFC 6749 §6). It is exchanged each time; one that comes back after that is
    /// in two hands, and the grant ends: nobody can say whose is the honest one (RFC 9700 §4.14.2).
    ///
    /// # Errors
    /// `invalid_grant`; `invalid_scope` for more than was granted; what [`Step::mint`] says.
    pub(crate) fn refresh(&mut self, client: &Client, form: &Form, jkt: Option<&str>) -> Result<Issued, Stop> {
        let hash = fingerprint(form.need("refresh_token")?);
        let found = self.ledger.tokens.find(&hash).filter(|row| row.kind == TokenKind::Refresh);
        let token = found.filter(|row| row.client.as_ref() == Some(&client.id)).cloned().ok_or_else(refused)?;
        let grant = token.grant.clone().ok_or_else(refused)?;
        if token.used.is_some() {
            self.end_by_reuse(&grant, &token.family);
            return Err(refused().into());
        }
        let bound = token.jkt.as_deref().is_none_or(|bound| jkt == Some(bound));
        let approved = self.ledger.grants.find(grant.as_str()).filter(|row| row.holds(self.now));
        let approved = approved.filter(|row| row.client.as_ref().is_none_or(|own| *own == client.id));
        let approved = approved.filter(|_| bound && self.now < token.until).ok_or_else(refused)?;
        let at = self.setting.place(&token.audience).ok_or_else(refused)?;
        self.setting.is_meant(form, &at)?;
        let less = form.find("scope").map(|scope| less(approved, &token, &at, scope)).transpose()?.flatten();
        let (now, patient) = (self.now, approved.patient.clone());
        let order = Mint {
            grant: &grant,
            client: &client.id,
            at,
            family: &token.family,
            jkt,
            only: less.as_deref().or(token.only.as_deref()),
            refresh: Refresh::With,
        };
        let mut issued = self.mint(&order)?;
        // Not before: what gave nothing is not spent, or whoever asks again would be taken for a thief.
        self.ledger.tokens.change(&hash, |row| row.used = Some(now));
        self.forget_exchanged(&token.family);
        if let (Some(_), Some(scope)) = (&less, form.find("scope")) {
            issued.members.insert("scope".to_owned(), scope.into());
            issued.members.extend(patient.map(|patient| ("patient".to_owned(), patient.into())));
        }
        // The access token is narrower, the next refresh token is as wide as this one (RFC 6749 §6).
        if let Some(next) = &issued.refresh_token {
            self.ledger.tokens.change(&fingerprint(next.expose()), |row| {
                row.only = token.only;
                row.scope = token.scope;
            });
        }
        Ok(issued)
    }
}

/// What a narrower `scope` leaves of what a refresh token is for; `None`: all of it.
fn less(approved: &Approved, token: &Token, at: &Where, scope: &str) -> Result<Option<Vec<Permission>>, OAuthError> {
    match (at, &token.only) {
        (Where::Here, None) => of_scopes(approved, scope),
        (Where::Here, Some(only)) => of_words(only, scope).map(Some),
        (Where::At(_), only) => {
            let there: Vec<Permission> = approved.permissions.iter().filter(|one| one.at == *at).cloned().collect();
            of_words(only.as_ref().unwrap_or(&there), scope).map(Some)
        }
    }
}

/// Permissions with these of their scopes; each must be of one of them.
fn of_words(permissions: &[Permission], scope: &str) -> Result<Vec<Permission>, OAuthError> {
    let words: Vec<&str> = scope.split(' ').collect();
    if !words.iter().all(|word| permissions.iter().any(|one| one.scopes.iter().any(|own| own == word))) {
        return Err(wider());
    }
    let with = |one: &Permission| Permission {
        scopes: one.scopes.iter().filter(|own| words.contains(&own.as_str())).cloned().collect(),
        ..one.clone()
    };
    Ok(permissions.iter().map(with).filter(|one| !one.scopes.is_empty()).collect())
}

/// SMART scopes within those of a grant.
fn of_scopes(approved: &Approved, scope: &str) -> Result<Option<Vec<Permission>>, OAuthError> {
    let scopes = Scopes::parse(scope).map_err(|_| wider())?;
    // What the client was told; the view of the grant holds beside it.
    let granted = Scopes::of(&approved.grant.what).permits();
    let asked = scopes.permits();
    let mut plain = scopes.iter().filter(|scope| !matches!(scope, Scope::Clinical(_)));
    if !plain.all(|word| super::code::has(approved, &word.to_string())) || !permits_within(&asked, &granted) {
        return Err(wider());
    }
    if permits_within(&granted, &asked) {
        return Ok(None);
    }
    asked.iter().map(permission).collect::<Option<Vec<_>>>().map(Some).ok_or_else(wider)
}

fn wider() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidScope, "the scope is not within what was granted")
}

/// A scope for a type as a permission; one with a constraint cannot be said so.
fn permission(permit: &Permit) -> Option<Permission> {
    let letters = [(permit.actions.read, "read"), (permit.actions.search, "search"), (permit.actions.create, "create")];
    let scopes = letters.into_iter().filter(|(said, _)| *said).map(|(_, word)| word.to_owned()).collect();
    let resource = permit.select.types.first().map_or("*", |name| name).to_owned();
    permit.select.query.is_none().then_some(Permission { at: Where::Here, resource, scopes })
}

fn refused() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant, "the refresh token is not good")
}
