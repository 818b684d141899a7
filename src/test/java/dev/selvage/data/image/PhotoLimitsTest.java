package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.ExifMode;
import dev.selvage.util.ProcessMemory.Room;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Photos that need more memory than there is, and files that are no photos. */
class PhotoLimitsTest {
  private static final long MB = 1_000_000;

  @TempDir Path folder;

  private final List<String> said = new ArrayList<>();
  private final Photos photos = new Photos(ExifMode.APPLY, (file, why) -> said.add(why));

  /** A PNG that states a size and holds next to nothing. */
  private static byte[] png(int height, int width) {
    byte[] head =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    byte[] signature = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    return PhotoBytes.joined(
        signature,
        PhotoBytes.chunk("IHDR", head),
        PhotoBytes.chunk("IDAT", new byte[50]),
        PhotoBytes.chunk("IEND", new byte[0]));
  }

  private PhotoHeader header(byte[] photo) throws IOException {
    return PhotoHeader.read(Files.write(folder.resolve("photo"), photo)).orElseThrow();
  }

  @Test
  void countsWhatDecodingTakes() throws IOException {
    PhotoHeader bomb = header(png(32768, 32768));
    assertEquals(131_000 + 7L * 32768 * 32768, bomb.decodingBytes(131_000, 1));
    assertEquals(
        Long.MAX_VALUE, header(png(Integer.MAX_VALUE, Integer.MAX_VALUE)).decodingBytes(9, 1));
    byte[] jpeg = PhotoBytes.noise(".jpg", 80, 160);
    assertEquals(5000 + 3 * 80 * 160, header(jpeg).decodingBytes(5000, 1));
    assertEquals(5000 + 3 * 10 * 20, header(jpeg).decodingBytes(5000, 8));
    byte[] progressive = PhotoBytes.noise(".jpg", 80, 160, IMWRITE_JPEG_PROGRESSIVE, 1);
    assertEquals(5000 + 6 * 80 * 160 + 3 * 10 * 20, header(progressive).decodingBytes(5000, 8));
  }

  @Test
  void refusesWhatTakesMoreThanHalfOfTheMemory() {
    Room room = new Room(4000 * MB, "free memory");
    assertDoesNotThrow(() -> DecodingMemory.require(2000 * MB, room));
    UnusablePhoto error =
        assertThrows(UnusablePhoto.class, () -> DecodingMemory.require(3200 * MB, room));
    assertEquals(
        "cannot be decoded: it needs about 3200 MB, more than half of the 4000 MB of free memory",
        error.getMessage());
  }

  @Test
  void refusesASizeThatNoMachineHolds() throws IOException {
    Path file = Files.write(folder.resolve("bomb.png"), png(1 << 30, 1 << 30));
    assertTrue(photos.original(file).isEmpty());
    assertTrue(said.get(0).startsWith("cannot be decoded: it needs about "), said.get(0));
  }

  /** Large photos decode one after the other where they do not fit side by side, and all do. */
  @Test
  void largePhotosWaitForEachOther() throws InterruptedException {
    long quarter = dev.selvage.util.ProcessMemory.room().orElseThrow().bytes() / 4;
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          new Thread(
              () -> {
                try {
                  DecodingMemory.within(
                      quarter,
                      () -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        Thread.yield();
                        running.decrementAndGet();
                        return done.incrementAndGet();
                      });
                } catch (UnusablePhoto e) {
                  throw new AssertionError(e);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(8, done.get());
    assertTrue(most.get() <= 2, most + " at once"); // what is free moves a little meanwhile
  }

  @Test
  void namesFilesThatAreTooLargeOrNoPhotos() throws IOException {
    Path large = folder.resolve("large.jpg");
    Files.write(large, PhotoBytes.noise(".jpg", 8, 8));
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(3_000_000_000L); // without blocks on the disk
    }
    assertTrue(photos.original(large).isEmpty());
    Path text = Files.writeString(folder.resolve("text.jpg"), "no photo");
    assertTrue(photos.size(text).isEmpty());
    Path empty = Files.createFile(folder.resolve("empty.jpg"));
    assertTrue(photos.size(empty).isEmpty());
    byte[] png = PhotoBytes.noise(".png", 8, 8);
    Path truncated = Files.write(folder.resolve("a.png"), java.util.Arrays.copyOf(png, 100));
    assertTrue(photos.original(truncated).isEmpty());
    assertTrue(photos.size(folder.resolve("absent.jpg")).isEmpty());
    assertEquals(
        List.of(
            "cannot be decoded: it is larger than 2 GB",
            "cannot be decoded",
            "cannot be decoded (the file is empty)",
            "cannot be decoded (the file is a truncated PNG)"),
        said.subList(0, 4));
    assertTrue(said.get(4).startsWith("cannot be read ("), said.get(4));
    assertEquals("is larger than 2 GB", PhotoIntegrity.problem(large).orElseThrow());
  }

  @Test
  void aPhotoOfAnotherSizeIsReportedOnce() throws IOException {
    for (String ending : List.of(".jpg", ".png", ".bmp", ".webp", ".tif", ".gif")) {
      Path file = folder.resolve("a" + ending);
      Files.write(file, PhotoBytes.noise(ending, 64, 128));
      for (int i = 0; i < 2; i++) {
        ResizePlan plan = new ResizePlan(64, 120, 64, 120, 0, 0, 64, 128, 1);
        assertTrue(photos.resized(file, plan).isEmpty());
        assertTrue(photos.atLeast(file, new PhotoSize(60, 128), 999).isEmpty());
      }
    }
    assertEquals(6, said.size());
    said.forEach(
        why -> assertEquals("expected a photo of height 64 and width 120, found 64 and 128", why));
  }
}
