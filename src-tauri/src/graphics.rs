//! How the web view draws. Where a computer has no graphics hardware that programs may draw with (a virtual machine, a
//! remote desktop), WebKitGTK draws through an emulated one, and its first frame comes a fifth of a second later.

/// Lets the web view draw by itself where nothing draws for it. Who has set the variable has decided. To be called before
/// anything else: it changes this process's surroundings, which no other thread may be reading.
#[cfg(target_os = "linux")]
pub(crate) fn choose() {
    const WITHOUT: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(WITHOUT).is_none() && !can_render(std::path::Path::new("/dev/dri")) {
        // Where it fails the web view draws as it always did.
        let _ = glib::setenv(WITHOUT, "1", false);
    }
}

/// Elsewhere the system's own web view knows.
#[cfg(not(target_os = "linux"))]
pub(crate) fn choose() {}

/// Whether the folder of the system's graphics devices has one to render with.
#[cfg(target_os = "linux")]
fn can_render(devices: &std::path::Path) -> bool {
    let Ok(devices) = std::fs::read_dir(devices) else { return false };
    devices.flatten().any(|device| device.file_name().as_encoded_bytes().starts_with(b"renderD"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_a_device_that_renders_counts() {
        let folder = std::env::temp_dir().join(format!("satchel-graphics-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert!(!can_render(&folder.join("dri")), "no such folder");
        std::fs::write(folder.join("card0"), "").unwrap();
        assert!(!can_render(&folder), "a screen alone");
        std::fs::write(folder.join("renderD128"), "").unwrap();
        assert!(can_render(&folder));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
