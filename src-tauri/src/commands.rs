//! The commands, by area. Each is a few lines: parse, call the wallet, return its view.

mod activity;
mod cards;
mod connect;
mod exchange;
mod inbox;
mod keys;
mod mandates;
mod people;
mod preview;
mod record;
mod sharing;
mod vault;
mod window;

use std::sync::Arc;

use tauri::State;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};
use wallet::views::ErrorView;
use wallet::{Wallet, WalletError};

/// What a command answers.
pub(crate) type Answer<T> = Result<T, ErrorView>;

/// The wallet, as commands receive it.
pub(crate) type Held<'a> = State<'a, Arc<Wallet>>;

/// An error as the window shows it.
pub(crate) fn shown(error: WalletError) -> ErrorView {
    error.view()
}

/// The commands with their types: the invoke handler and the generated TypeScript come from this one list.
pub fn bindings() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new().error_handling(ErrorHandlingMode::Throw).commands(collect_commands![
        vault::status,
        vault::make_vault,
        vault::unlock,
        vault::lock,
        vault::touch,
        vault::set_look,
        people::add_person,
        people::rename_person,
        people::select_person,
        people::erase_person,
        record::home,
        record::records,
        record::lab,
        record::item,
        record::document,
        record::document_content,
        record::document_save,
        connect::directory_search,
        connect::directory_import,
        connect::launch_start,
        connect::launch_state,
        connect::launch_cancel,
        connect::launch_open_again,
        connect::sign_in_again,
        connect::connections,
        connect::rename_connection,
        connect::disconnect,
        connect::doctor,
        connect::pull_start,
        connect::pull_state,
        connect::pull_stop,
        connect::last_pull,
        cards::cards,
        cards::card,
        cards::card_add_text,
        cards::card_add_bytes,
        cards::cards_fetch,
        cards::card_qr,
        cards::card_export,
        cards::card_remove,
        cards::card_restore,
        cards::card_recheck,
        cards::check_card_text,
        cards::check_card_bytes,
        keys::dids,
        keys::did_make,
        keys::did_rename,
        keys::did_rotate,
        keys::did_retire,
        activity::activity,
        activity::verify_trail,
        sharing::sharing,
        sharing::news,
        sharing::service_set,
        sharing::request,
        sharing::consider,
        sharing::approve,
        sharing::refuse,
        sharing::ask_back,
        sharing::client_block,
        sharing::share,
        sharing::share_consider,
        sharing::share_narrow,
        sharing::share_end,
        sharing::share_end_all,
        sharing::seen,
        preview::preview,
        preview::preview_records,
        preview::preview_item,
        preview::preview_content,
        preview::preview_stays,
        sharing::contact_add,
        sharing::mandate_consider,
        sharing::mandate_give,
        exchange::pairs,
        exchange::contact_card_make,
        exchange::contact_card,
        exchange::contact_card_save,
        exchange::contact_card_read,
        exchange::contact_compare,
        mandates::mandate_text,
        mandates::mandate_save,
        mandates::share_ask_erase,
        mandates::mandates,
        mandates::mandates_check,
        mandates::mandate_take,
        mandates::mandate_fetch,
        mandates::mandate_ask,
        mandates::mandate_look,
        mandates::mandate_pull,
        mandates::mandate_erase,
        mandates::mandate_keep,
        inbox::inbox,
        inbox::offer_accept,
        inbox::offer_discard,
        window::print_page,
    ])
}
