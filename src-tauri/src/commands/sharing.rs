//! Who asks, who may see what, and what they saw.

use wallet::views::{
    Considered, ContactView, Mandate, Narrowing, NewsView, RequestView, SeenView, ServiceView, ShareDetail, ShareView,
    SharingView,
};
use wallet::{Approval, ServiceSetting, Until};

use super::{Answer, Held, shown};

/// Everything about sharing at one glance.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sharing(wallet: Held<'_>) -> Answer<SharingView> {
    wallet.sharing().await.map_err(shown)
}

/// What waits and what ends soon.
#[tauri::command]
#[specta::specta]
pub(crate) async fn news(wallet: Held<'_>) -> Answer<NewsView> {
    wallet.news().await.map_err(shown)
}

/// Lets others reach this wallet, or not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn service_set(wallet: Held<'_>, on: bool) -> Answer<ServiceView> {
    if on {
        wallet.open_service(ServiceSetting::default()).await.map_err(shown)
    } else {
        wallet.close_service().await.map_err(shown)
    }
}

/// One request.
#[tauri::command]
#[specta::specta]
pub(crate) async fn request(wallet: Held<'_>, id: String) -> Answer<RequestView> {
    wallet.request(&id).await.map_err(shown)
}

/// What approving a request would let out, narrowed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn consider(wallet: Held<'_>, id: String, narrowing: Narrowing) -> Answer<Considered> {
    wallet.consider(&id, narrowing).await.map_err(shown)
}

/// Approves exactly the grant that was considered, for the person for whom it was.
#[tauri::command]
#[specta::specta]
pub(crate) async fn approve(wallet: Held<'_>, id: String, grant: Option<String>, person: String) -> Answer<ShareView> {
    let grant = grant.map(String::into_bytes);
    let approval = Approval { grant, person: Some(person), until: Until::Ended, ..Approval::default() };
    wallet.approve(&id, approval).await.map_err(shown)
}

/// Refuses a request.
#[tauri::command]
#[specta::specta]
pub(crate) async fn refuse(wallet: Held<'_>, id: String) -> Answer<RequestView> {
    wallet.refuse(&id).await.map_err(shown)
}

/// Asks back in one line of plain text.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ask_back(wallet: Held<'_>, id: String, message: String) -> Answer<RequestView> {
    wallet.ask_back(&id, &message).await.map_err(shown)
}

/// Hears no more of a program.
#[tauri::command]
#[specta::specta]
pub(crate) async fn client_block(wallet: Held<'_>, id: String) -> Answer<()> {
    wallet.block_client(&id).await.map(|_| ()).map_err(shown)
}

/// One share in full.
#[tauri::command]
#[specta::specta]
pub(crate) async fn share(wallet: Held<'_>, id: String) -> Answer<ShareDetail> {
    wallet.share(&id).await.map_err(shown)
}

/// What a share would still let out, narrowed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn share_consider(wallet: Held<'_>, id: String, narrowing: Narrowing) -> Answer<Considered> {
    wallet.share_consider(&id, narrowing).await.map_err(shown)
}

/// Puts the narrower share that was considered in the place of one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn share_narrow(wallet: Held<'_>, id: String, grant: String) -> Answer<ShareView> {
    wallet.share_narrow(&id, grant.into_bytes()).await.map_err(shown)
}

/// Ends a share, for ever.
#[tauri::command]
#[specta::specta]
pub(crate) async fn share_end(wallet: Held<'_>, id: String) -> Answer<ShareDetail> {
    wallet.end_share(&id).await.map_err(shown)
}

/// Ends every share of the person shown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn share_end_all(wallet: Held<'_>) -> Answer<SharingView> {
    for share in wallet.sharing().await.map_err(shown)?.now {
        wallet.end_grant(&share.id).await.map_err(shown)?;
    }
    wallet.sharing().await.map_err(shown)
}

/// What one share saw on one day.
#[tauri::command]
#[specta::specta]
pub(crate) async fn seen(wallet: Held<'_>, id: String, on: String) -> Answer<Option<SeenView>> {
    let all = wallet.seen(&on).await.map_err(shown)?;
    Ok(all.into_iter().find(|seen| seen.share.id == id))
}

/// Notes somebody down by their key.
#[tauri::command]
#[specta::specta]
pub(crate) async fn contact_add(wallet: Held<'_>, name: String, did: String) -> Answer<Vec<ContactView>> {
    wallet.add_contact(&name, vec![did]).await.map_err(shown)?;
    wallet.contacts().await.map_err(shown)
}

/// What a mandate would let out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_consider(wallet: Held<'_>, contact: String, mandate: Mandate) -> Answer<Considered> {
    wallet.mandate_consider(&contact, mandate).await.map_err(shown)
}

/// Gives the mandate that was considered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_give(
    wallet: Held<'_>,
    contact: String,
    grant: String,
    person: String,
) -> Answer<ShareView> {
    wallet.mandate_give(&contact, grant.into_bytes(), Some(person)).await.map_err(shown)
}
