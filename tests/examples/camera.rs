use std::fs::File;
use std::io::Write;

use crate::example::Example;
use blur::Blur;
use detect::spots;
use picture::{HEIGHT, SIZE, WIDTH};
use track::Tracker;
use y4m::Video;

#[path = "../../examples/camera/blur.rs"]
mod blur;
#[path = "../../examples/camera/detect.rs"]
mod detect;
#[path = "../../examples/camera/picture.rs"]
mod picture;
#[path = "../../examples/camera/scene.rs"]
mod scene;
#[path = "../../examples/camera/track.rs"]
mod track;
#[path = "../../examples/camera/y4m.rs"]
mod y4m;

/// More than the pool has chunks.
const PICTURES: u64 = 9;

pub(crate) fn check(context: &str) {
    let expected = serial(draw(PICTURES));
    assert_eq!(expected.lines().count(), 6);
    assert_eq!(Example::new("camera", context).arg(PICTURES.to_string()).prints(), expected);
    assert_eq!(Example::new("camera", context).arg("0").prints(), "");

    let mut video = tempfile::Builder::new().suffix(".y4m").tempfile().unwrap();
    write_video(2, video.as_file_mut());
    let mut opened = Video::open(video.path(), WIDTH, HEIGHT).unwrap();
    let expected = serial(|_, pixels| opened.read(pixels).unwrap());
    assert_eq!(Example::new("camera", context).arg(&video).prints(), expected);

    let complaint = Example::new("camera", context).arg("no/such/video.y4m").complains();
    assert!(complaint.contains("`camera` could not be made: no/such/video.y4m: No such file"), "{complaint}");
}

fn draw(pictures: u64) -> impl FnMut(u64, &mut [u8]) -> bool {
    move |number, pixels| {
        scene::draw(number, pixels);
        number < pictures
    }
}

fn serial(mut take_picture: impl FnMut(u64, &mut [u8]) -> bool) -> String {
    let mut pixels = vec![0; SIZE];
    let mut blur = Blur::default();
    let mut tracker = Tracker::default();
    let mut tracks = Vec::new();
    for number in 0.. {
        if !take_picture(number, &mut pixels) {
            break;
        }
        blur.apply(&mut pixels);
        tracks.extend(tracker.add(number, &spots(&mut pixels)));
    }
    tracks.extend(tracker.end());
    tracks.iter().map(|track| format!("{track}\n")).collect()
}

fn write_video(pictures: u64, file: &mut File) {
    let mut pixels = vec![0; SIZE];
    writeln!(file, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F25:1 Ip Cmono").unwrap();
    for picture in 0..pictures {
        scene::draw(picture, &mut pixels);
        writeln!(file, "FRAME").unwrap();
        file.write_all(&pixels).unwrap();
    }
}
