use thiserror::Error;
use types::Whose;

/// Why a mandate is not taken, or not followed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MandateError {
    /// Longer than a mandate can be.
    #[error("the mandate is too long")]
    TooLong,
    /// A picture in which not one code is seen, or more than one.
    #[error("the picture does not show one code")]
    NoCode,
    /// Something else than a mandate, or one that says what cannot be.
    #[error("this is not a mandate")]
    NotAMandate,
    /// Its signature does not hold.
    #[error("the mandate was changed")]
    Changed,
    /// Nobody whom the owner compared has signed it.
    #[error("the mandate is of somebody unknown")]
    Stranger,
    /// It is for another key than the one made for its giver.
    #[error("the mandate is for somebody else")]
    ForSomebodyElse,
    /// Its time is over.
    #[error("the mandate is over")]
    Over,
    /// Its time has not begun: one of the two clocks is wrong.
    #[error("the mandate is from the future")]
    Early,
    /// It is held already, or was.
    #[error("the mandate is here already")]
    Known,
    /// The giver has ended it.
    #[error("the mandate has ended")]
    Ended,
    /// The giver refused.
    #[error("the mandate was refused")]
    Refused,
    /// The giver has not decided yet.
    #[error("the giver has not decided")]
    Waiting,
    /// The giver's card does not say where their server is.
    #[error("the server of the giver is not known")]
    NoServer,
    /// There is nothing new there.
    #[error("there is no mandate there")]
    Nothing,
    /// What the server says is not signed by the giver, or does not read.
    #[error("the answer is not one of the giver")]
    NotTheirs,
    /// What answers does not speak the protocol.
    #[error("the server does not answer as a wallet")]
    NotAWallet,
    /// It did not answer as it should, with an error code of the protocol.
    #[error("the server refused")]
    Protocol {
        /// OAuth error code, as far as it is a plain word.
        code: String,
    },
    /// Nobody asked to erase it.
    #[error("nobody asked to erase")]
    NotAsked,
    /// It was decided and is done.
    #[error("it was decided before")]
    Decided,
    /// It is under a mandate: it ends with that.
    #[error("it holds under a mandate")]
    Holds,
}

impl MandateError {
    /// The code of the texts in the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "mandate.tooLong",
            Self::NoCode => "mandate.noCode",
            Self::NotAMandate => "mandate.notAMandate",
            Self::Changed => "mandate.changed",
            Self::Stranger => "mandate.stranger",
            Self::ForSomebodyElse => "mandate.forSomebodyElse",
            Self::Over => "mandate.over",
            Self::Early => "mandate.early",
            Self::Known => "mandate.known",
            Self::Ended => "mandate.ended",
            Self::Refused => "mandate.refused",
            Self::Waiting => "mandate.waiting",
            Self::NoServer => "mandate.noServer",
            Self::Nothing => "mandate.nothing",
            Self::NotTheirs => "mandate.notTheirs",
            Self::NotAWallet => "mandate.notAWallet",
            Self::Protocol { .. } => "mandate.protocol",
            Self::NotAsked => "mandate.notAsked",
            Self::Decided => "mandate.decided",
            Self::Holds => "mandate.holds",
        }
    }

    /// Who erred.
    pub fn whose(&self) -> Whose {
        match self {
            Self::NoCode
            | Self::Stranger
            | Self::Known
            | Self::NoServer
            | Self::NotAsked
            | Self::Decided
            | Self::Holds => Whose::You,
            Self::Early => Whose::Unknown,
            _ => Whose::Them,
        }
    }
}
