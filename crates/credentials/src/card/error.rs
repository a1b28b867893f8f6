use crypto::JwsError;
use thiserror::Error;

use crate::Reason;

/// Why something is not a card that can be considered.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// More bytes than any card has.
    #[error("the input is larger than any card")]
    TooLarge,
    /// A file of a kind that holds no cards.
    #[error("the file is of a kind that holds no cards")]
    UnknownFile,
    /// The text is neither a signed text nor `shc:/` digits.
    #[error("the text is not a card")]
    NotACard,
    /// A health link: it points at cards and holds none.
    #[error("the text is a health link, not a card")]
    HealthLink,
    /// The picture does not decode.
    #[error("the picture does not decode")]
    Picture,
    /// The picture claims more pixels than are looked at.
    #[error("the picture has too many pixels")]
    PictureTooLarge,
    /// No QR code is seen in the picture.
    #[error("no code is seen in the picture")]
    NoCode,
    /// `shc:/` is followed by an odd number of digits.
    #[error("the digits of the code do not pair up")]
    OddDigits,
    /// Something other than digits, or a pair that stands for no character.
    #[error("the digits of the code stand for no text")]
    Digits,
    /// A part is numbered 0, beyond the total, or beyond what is accepted.
    #[error("the part is numbered wrongly")]
    PartNumber,
    /// Parts of one card that are not here yet, from 1.
    #[error("parts of the card are missing")]
    MissingParts {
        /// How many parts there are in all.
        total: u32,
        /// The numbers of those that are missing.
        missing: Vec<u32>,
    },
    /// Two different texts claim to be the same part: they are of two cards.
    #[error("the parts are of different cards")]
    MixedParts,
    /// The JSON is not a card file: `verifiableCredential` with signed texts.
    #[error("the file is not a card file")]
    File,
    /// The file holds more cards than are read at once.
    #[error("the file holds too many cards")]
    TooManyCards,
    /// The signed text does not read.
    #[error("the signed text does not read")]
    Jws(#[source] JwsError),
    /// The signature algorithm is not ES256.
    #[error("the signature algorithm is not allowed for cards")]
    Algorithm,
    /// The content is not compressed as cards are (`zip` is not `DEF`).
    #[error("the content is not deflated")]
    NotDeflated,
    /// The compressed content is damaged or has bytes behind its end.
    #[error("the compressed content is damaged")]
    Damaged,
    /// The content inflates beyond what is accepted.
    #[error("the content inflates to too much")]
    InflatesTooLarge,
    /// The content is not JSON text.
    #[error("the content is not json")]
    NotJson,
    /// The content is nested deeper than is followed.
    #[error("the content is nested too deep")]
    TooDeep,
    /// A claim is missing, stands twice, or is of the wrong type.
    #[error("the claims of the card do not read")]
    Claims,
    /// The bundle has more entries than are read.
    #[error("the card has too many entries")]
    TooManyEntries,
}

impl ReadError {
    /// Every code [`ReadError::code`] can give.
    pub const CODES: &[&str] = &[
        "card.tooLarge",
        "card.unknownFile",
        "card.notACard",
        "card.healthLink",
        "card.picture",
        "card.pictureTooLarge",
        "card.noCode",
        "card.oddDigits",
        "card.digits",
        "card.partNumber",
        "card.missingParts",
        "card.mixedParts",
        "card.file",
        "card.tooManyCards",
        "card.jws",
        "card.algorithm",
        "card.notDeflated",
        "card.damaged",
        "card.inflatesTooLarge",
        "card.notJson",
        "card.tooDeep",
        "card.claims",
        "card.tooManyEntries",
    ];

    /// The error as a code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "card.tooLarge",
            Self::UnknownFile => "card.unknownFile",
            Self::NotACard => "card.notACard",
            Self::HealthLink => "card.healthLink",
            Self::Picture => "card.picture",
            Self::PictureTooLarge => "card.pictureTooLarge",
            Self::NoCode => "card.noCode",
            Self::OddDigits => "card.oddDigits",
            Self::Digits => "card.digits",
            Self::PartNumber => "card.partNumber",
            Self::MissingParts { .. } => "card.missingParts",
            Self::MixedParts => "card.mixedParts",
            Self::File => "card.file",
            Self::TooManyCards => "card.tooManyCards",
            Self::Jws(_) => "card.jws",
            Self::Algorithm => "card.algorithm",
            Self::NotDeflated => "card.notDeflated",
            Self::Damaged => "card.damaged",
            Self::InflatesTooLarge => "card.inflatesTooLarge",
            Self::NotJson => "card.notJson",
            Self::TooDeep => "card.tooDeep",
            Self::Claims => "card.claims",
            Self::TooManyEntries => "card.tooManyEntries",
        }
    }

    /// The reason that a screen gives for it.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Algorithm => Reason::ForbiddenAlgorithm,
            Self::UnknownFile | Self::NotACard | Self::HealthLink | Self::File => Reason::UnknownKind,
            _ => Reason::NotWhole,
        }
    }
}
