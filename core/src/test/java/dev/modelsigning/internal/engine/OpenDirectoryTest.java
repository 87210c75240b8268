package dev.modelsigning.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelsigning.internal.hash.HashFunction;
import dev.modelsigning.testing.FaultyFileSystem;
import dev.modelsigning.testing.Fifos;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories and files that are replaced while they are listed and hashed. */
@Timeout(60)
class OpenDirectoryTest {

  @TempDir Path temporary;
  private Path root;
  private Path sub;

  @BeforeEach
  void makeModel() throws IOException {
    root = Files.createDirectory(temporary.resolve("model"));
    sub = Files.createDirectory(root.resolve("sub"));
    Files.writeString(sub.resolve("file"), "signed");
  }

  /** What is to happen at a moment. */
  private interface Change {
    void apply() throws IOException, InterruptedException;
  }

  /**
   * Hashes every file, and makes a change before an entry is classified or after a directory was.
   */
  private static final class Handler implements DirectoryHandler<String> {
    private final Map<String, byte[]> digests = new ConcurrentHashMap<>();
    private final Map<String, IOException> unlistable = new ConcurrentHashMap<>();
    private final Map<String, Change> before = new ConcurrentHashMap<>();
    private final Map<String, Change> afterLooking = new ConcurrentHashMap<>();

    private static void change(Map<String, Change> changes, Path entry)
        throws IOException, InterruptedException {
      Change change = changes.remove(entry.getFileName().toString());
      if (change != null) {
        change.apply();
      }
    }

    @Override
    public void entry(String directory, OpenDirectory open, Path entry, DirectoryScan<String> scan)
        throws IOException, InterruptedException {
      change(before, entry);
      BasicFileAttributes attributes = open.attributes(entry);
      change(afterLooking, entry);
      String name = directory + entry.getFileName();
      if (attributes.isDirectory()) {
        scan.enter(name + "/", new FoundDirectory(entry, attributes.fileKey(), false));
      } else {
        scan.hash(
            open,
            FileHash.in(open.found(), entry, attributes, FileHash.WHOLE),
            found -> digests.put(name, found[0]));
      }
    }

    @Override
    public void unlistable(String directory, Path path, IOException failure) {
      unlistable.put(directory, failure);
    }
  }

  private static void scan(Path directory, Handler handler, int threads) throws IOException {
    Object key =
        Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .fileKey();
    new ParallelFileHasher(HashFunction::sha256, threads, bytes -> {})
        .scan(handler, "", new FoundDirectory(directory, key, false));
  }

  private static byte[] sha256(String text) {
    HashFunction function = HashFunction.sha256();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    function.update(bytes, 0, bytes.length);
    return function.digest();
  }

  private void requireSecureDirectories() throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
      assumeTrue(
          stream instanceof SecureDirectoryStream, "this system opens nothing by directories");
    }
  }

  /** Puts a link to a directory with other content in the place of the subdirectory. */
  private void replaceByLink() throws IOException {
    Path other = Files.createDirectory(temporary.resolve("other"));
    Files.writeString(other.resolve("file"), "forged");
    Files.move(sub, temporary.resolve("moved"));
    Files.createSymbolicLink(sub, other);
  }

  private static void refuses(Path directory, Handler handler, Path named) {
    assertThatThrownBy(() -> scan(directory, handler, 2))
        .isInstanceOfSatisfying(
            FileChangedException.class, e -> assertThat(e.getFile()).isEqualTo(named.toString()));
  }

  @Test
  void entersNoLinkThatADirectoryBecame() {
    Handler handler = new Handler();
    handler.afterLooking.put("sub", this::replaceByLink);

    refuses(root, handler, sub);
    assertThat(handler.digests).isEmpty();
  }

  @Test
  void entersNoOtherDirectoryThatTookThePlaceOfOne() {
    Handler handler = new Handler();
    handler.afterLooking.put(
        "sub",
        () -> {
          Files.move(sub, temporary.resolve("moved"));
          Files.createDirectory(sub);
          Files.writeString(sub.resolve("file"), "forged");
        });

    refuses(root, handler, sub);
    assertThat(handler.digests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsFromTheDirectoryThatWasOpenedAndNoticesThatItWasReplaced(boolean looking)
      throws Exception {
    requireSecureDirectories();
    Handler handler = new Handler();
    (looking ? handler.before : handler.afterLooking).put("file", this::replaceByLink);

    refuses(root, handler, sub);
    assertThat(handler.digests).containsOnlyKeys("sub/file");
    assertThat(handler.digests.get("sub/file")).isEqualTo(sha256("signed"));
  }

  /** A large file is opened when all were found, by its directory as it was. */
  @Test
  void opensNoLargeFileInADirectoryThatWasReplacedMeanwhile() throws Exception {
    Files.write(sub.resolve("file"), new byte[3_000_000]);
    Files.writeString(root.resolve("z"), "last");
    Handler handler = new Handler();
    Path late = Files.createDirectories(root.resolve("late"));
    Files.writeString(late.resolve("trigger"), "x");
    boolean[] replaced = new boolean[1];
    ParallelFileHasher hasher =
        new ParallelFileHasher(
            HashFunction::sha256,
            1,
            bytes -> {},
            files -> {
              if (!replaced[0] && handler.digests.size() == 2) {
                replaced[0] = true;
                try {
                  replaceByLink();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }
            });
    Object key = Files.readAttributes(root, BasicFileAttributes.class).fileKey();

    assertThatThrownBy(() -> hasher.scan(handler, "", new FoundDirectory(root, key, false)))
        .isInstanceOf(FileChangedException.class)
        .hasMessageContaining(sub.toString());
    assertThat(replaced[0]).isTrue();
    assertThat(handler.digests).containsOnlyKeys("z", "late/trigger");
  }

  @Test
  void opensNoLinkThatAFileBecame() throws Exception {
    Path secret = Files.writeString(temporary.resolve("secret"), "secret");
    Handler handler = new Handler();
    handler.afterLooking.put(
        "file",
        () -> {
          Files.delete(sub.resolve("file"));
          Files.createSymbolicLink(sub.resolve("file"), secret);
        });

    assertThatThrownBy(() -> scan(root, handler, 1)).hasMessageContaining("sub");
    assertThat(handler.digests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 63", "2, 64", "2, 65", "3, 1000", "8, 5000"})
  void hashesEveryEntryOfALargeDirectoryOnce(int threads, int number) throws Exception {
    Map<String, String> expected = new TreeMap<>();
    expected.put("sub/file", "signed");
    for (int i = 0; i < number; i++) {
      Files.writeString(root.resolve("f" + i), "content " + i);
      expected.put("f" + i, "content " + i);
    }
    Handler handler = new Handler();
    scan(root, handler, threads);

    assertThat(handler.digests).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, text) -> assertThat(handler.digests.get(name)).as(name).isEqualTo(sha256(text)));
  }

  /** A wide tree must not need a handle for each directory that is still to be listed. */
  @Test
  void holdsFewDirectoriesOpen() throws Exception {
    Path handles = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(handles), "needs a list of handles, as Linux has it");
    for (int i = 0; i < 2000; i++) {
      Files.writeString(Files.createDirectory(root.resolve("d" + i)).resolve("f"), "x");
    }
    Set<Integer> numbers = ConcurrentHashMap.newKeySet();
    Handler handler = new Handler();
    ParallelFileHasher hasher =
        new ParallelFileHasher(
            HashFunction::sha256,
            3,
            bytes -> {
              String[] open = handles.toFile().list();
              numbers.add(open == null ? 0 : open.length);
            });
    Object key = Files.readAttributes(root, BasicFileAttributes.class).fileKey();
    hasher.scan(handler, "", new FoundDirectory(root, key, false));

    int least = numbers.stream().min(Integer::compare).orElseThrow();
    int most = numbers.stream().max(Integer::compare).orElseThrow();
    assertThat(most - least).isLessThan(40);
    assertThat(handler.digests).hasSize(2001);
  }

  /** How many handles of this process lead to the model or into it. */
  private long handlesOfTheModel() throws IOException {
    long number = 0;
    try (DirectoryStream<Path> handles = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path handle : handles) {
        try {
          number += Files.readSymbolicLink(handle).startsWith(root.toRealPath()) ? 1 : 0;
        } catch (IOException e) {
          // Closed meanwhile.
        }
      }
    }
    return number;
  }

  /** A process that verifies for years must not lose a handle with each unreadable model. */
  @Test
  void holdsNoDirectoryOpenBehindARunThatFailed() throws Exception {
    assumeTrue(
        Files.isDirectory(Path.of("/proc/self/fd")), "needs a list of handles, as Linux has it");
    for (int i = 0; i < 2000; i++) {
      Files.createFile(root.resolve("f" + i));
    }
    for (int run = 0; run < 20; run++) {
      AtomicInteger judged = new AtomicInteger();
      Handler handler = new Handler();
      DirectoryHandler<String> failing =
          new DirectoryHandler<>() {
            @Override
            public void entry(
                String directory, OpenDirectory open, Path entry, DirectoryScan<String> scan)
                throws IOException, InterruptedException {
              if (judged.incrementAndGet() == 300) {
                throw new IOException("the end");
              }
              handler.entry(directory, open, entry, scan);
            }

            @Override
            public void unlistable(String directory, Path path, IOException failure) {
              handler.unlistable(directory, path, failure);
            }
          };
      Object key = Files.readAttributes(root, BasicFileAttributes.class).fileKey();
      ParallelFileHasher hasher = new ParallelFileHasher(HashFunction::sha256, 3, bytes -> {});
      assertThatThrownBy(() -> hasher.scan(failing, "", new FoundDirectory(root, key, false)))
          .hasMessage("the end");
    }

    assertThat(handlesOfTheModel()).isZero();
  }

  /** In Java, waiting for the writer of a FIFO cannot be interrupted. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisabledOnOs(OS.WINDOWS)
  void doesNotWaitForADirectoryThatBecameAFifo(boolean isRoot) throws Exception {
    Path directory = isRoot ? root : sub;
    Object key = Files.readAttributes(root, BasicFileAttributes.class).fileKey();
    Handler handler = new Handler();
    Change change =
        () -> {
          Files.move(directory, temporary.resolve("moved"));
          Fifos.make(directory);
        };
    if (isRoot) {
      change.apply();
    } else {
      handler.afterLooking.put("sub", change);
    }
    ParallelFileHasher hasher = new ParallelFileHasher(HashFunction::sha256, 2, bytes -> {});

    assertThatThrownBy(() -> hasher.scan(handler, "", new FoundDirectory(root, key, false)))
        .isInstanceOf(FileChangedException.class)
        .hasMessage(
            directory + ": changed while it was being hashed: it is not a directory any more");
    Fifos.letGo(directory); // the thread that was left behind
  }

  /** Models can have a million files of which no directory has many. */
  @Test
  void listsManySmallDirectoriesWithSeveralThreads() throws Exception {
    for (int i = 0; i < 100; i++) {
      Path directory = Files.createDirectory(root.resolve("d" + i / 10 + "." + i % 10));
      for (int j = 0; j < 10; j++) {
        Files.writeString(directory.resolve("f" + j), "x");
      }
    }
    // Not a directory with many entries, which has other threads started.
    for (int i = 0; i < 10; i++) {
      Path group = Files.createDirectory(root.resolve("g" + i));
      for (int j = 0; j < 10; j++) {
        Files.move(root.resolve("d" + i + "." + j), group.resolve("d" + j));
      }
    }
    CountDownLatch others = new CountDownLatch(2);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    AtomicInteger hashed = new AtomicInteger();
    ParallelFileHasher hasher =
        new ParallelFileHasher(
            HashFunction::sha256,
            2,
            bytes -> {
              if (threads.add(Thread.currentThread())) {
                others.countDown();
              }
              if (hashed.incrementAndGet() == 500) {
                try {
                  others.await(5, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
            });
    Object key = Files.readAttributes(root, BasicFileAttributes.class).fileKey();
    Handler handler = new Handler();
    hasher.scan(handler, "", new FoundDirectory(root, key, false));

    assertThat(threads).hasSize(2);
    assertThat(handler.digests).hasSize(1001);
  }

  @Test
  void saysWhichDirectoryCannotBeListed() throws Exception {
    FaultyFileSystem files = new FaultyFileSystem(Jimfs.newFileSystem(Configuration.unix()));
    try (files) {
      Path model = Files.createDirectories(files.getPath("/model/sub")).getParent();
      Files.writeString(model.resolve("a"), "1");
      files.beforeEntry(
          0,
          model.resolve("sub"),
          () -> {
            throw new IOException("Input/output error");
          });
      Handler handler = new Handler();
      scan(model, handler, 2);
      assertThat(handler.unlistable).containsOnlyKeys("sub/");
      assertThat(handler.digests).containsOnlyKeys("a");
    }
  }

  @Test
  void readsInMemoryRelativeToDirectories() throws Exception {
    try (FileSystem memory =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder()
                .setSupportedFeatures(
                    com.google.common.jimfs.Feature.SECURE_DIRECTORY_STREAM,
                    com.google.common.jimfs.Feature.SYMBOLIC_LINKS)
                .build())) {
      Path model = Files.createDirectories(memory.getPath("/model/sub")).getParent();
      Files.writeString(model.resolve("sub/file"), "signed");
      Handler handler = new Handler();
      scan(model, handler, 2);
      assertThat(handler.digests.get("sub/file")).isEqualTo(sha256("signed"));
    }
  }

  /** Relative to a directory, an entry has a name only, which says too little in a message. */
  @Test
  void namesTheWholePathOfWhatCannotBeOpened() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(sub, BasicFileAttributes.class);
    Path missing = sub.resolve("missing");
    Path link = Files.createSymbolicLink(sub.resolve("link"), sub.resolve("file"));
    try (OpenDirectory open =
        OpenDirectory.open(new FoundDirectory(sub, attributes.fileKey(), false))) {
      assertThatThrownBy(() -> open.attributes(missing))
          .isInstanceOfSatisfying(
              NoSuchFileException.class,
              e -> {
                assertThat(e.getFile()).isEqualTo(missing.toString());
                assertThat(e.getReason()).isEqualTo("it disappeared while the model was read");
              });
      assertThatThrownBy(() -> open.channel(missing))
          .isInstanceOfSatisfying(
              NoSuchFileException.class,
              e -> assertThat(e.getFile()).isEqualTo(missing.toString()));
      assertThatThrownBy(() -> open.channel(link))
          .isInstanceOfSatisfying(
              FileSystemException.class, e -> assertThat(e.getFile()).isEqualTo(link.toString()));
    }
  }
}
