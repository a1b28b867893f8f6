//! How the web view draws. Where a computer has no graphics hardware that programs may draw with (a virtual machine, a
//! remote desktop), WebKitGTK would draw through an emulated one, and its first frame would come later.

/// Lets the web view paint with the processor where there is nothing better: it still puts its layers together as
/// elsewhere. (Not `WEBKIT_DISABLE_DMABUF_RENDERER`: with it every few starts wait half a second for the window.)
/// Who has set the variable has decided. To be called before anything else: it changes this process's surroundings, which
/// no other thread may be reading.
#[cfg(target_os = "linux")]
pub(crate) fn choose() {
    const BY_PROCESSOR: &str = "WEBKIT_SKIA_ENABLE_CPU_RENDERING";
    if std::env::var_os(BY_PROCESSOR).is_none() && !can_render(std::path::Path::new("/dev/dri")) {
        // Where it fails the web view draws as it always did.
        let _ = glib::setenv(BY_PROCESSOR, "1", false);
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
