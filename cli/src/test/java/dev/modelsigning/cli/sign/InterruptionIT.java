package dev.modelsigning.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.testing.FuseFileSystem;
import dev.modelsigning.cli.testing.FuseFileSystem.Event;
import dev.modelsigning.cli.testing.FuseFileSystem.Request;
import dev.modelsigning.cli.testing.LibC;
import dev.modelsigning.cli.testing.ToolProcess;
import dev.modelsigning.cli.testing.ToolProcess.Ended;
import dev.modelsigning.cli.testing.WithMounts;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packaged tool when it is terminated by Ctrl-C or {@code kill}: it ends at once, with the
 * status of a signal, and leaves neither part of a file nor a process.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at processes as Linux shows them")
@EnabledIf(
    value = "dev.modelsigning.cli.testing.ToolProcess#canStart",
    disabledReason = "needs env (GNU coreutils 8.31) and setsid (util-linux)")
class InterruptionIT {

  private static final long TERABYTE = 1L << 40;

  /** More than the JVM reads before it comes to the model. */
  private static final long PAST_THE_START = 50_000_000;

  /** What both the launcher and these tests run in the end. */
  private static final String JAVA = ToolProcess.java(ToolProcess.packagedJar()).get(0);

  @TempDir private static Path shared;

  /**
   * The launcher, in a checkout of its own that has nothing but the jar and what the launcher
   * reads.
   */
  private static Path launcher;

  private static Path privateKey;
  private static Path publicKey;

  @TempDir private Path directory;

  private Path output;
  private Path model;
  private Path signatures;

  /** What users run. */
  enum Tool {
    JAR,
    LAUNCHER
  }

  @BeforeAll
  static void install() throws Exception {
    privateKey = shared.resolve("key.pem");
    publicKey = shared.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    launcher = ToolProcess.installLauncher(shared.resolve("checkout"));
    // The first command has an archive of classes made behind it, which others would wait for.
    try (ToolProcess first = ToolProcess.start(shared, List.of(launcher.toString(), "--version"))) {
      first.await().assertSucceeded();
      first.awaitEndOfChildren();
    }
  }

  @BeforeEach
  void makeDirectories() throws IOException {
    output = Files.createDirectory(directory.resolve("output"));
    model = Files.createDirectory(directory.resolve("model"));
    signatures = Files.createDirectory(directory.resolve("signatures"));
  }

  /** A file that takes minutes to hash and no place. */
  private static void makeEndless(Path file) throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(TERABYTE);
    }
  }

  private ToolProcess start(List<String> tool, Object... args) throws IOException {
    List<String> command = new ArrayList<>(tool);
    Stream.of(args).map(Object::toString).forEach(command::add);
    return ToolProcess.start(output, command);
  }

  private ToolProcess start(Tool tool, Object... args) throws IOException {
    return start(
        tool == Tool.JAR
            ? ToolProcess.java(ToolProcess.packagedJar())
            : List.of(launcher.toString()),
        args);
  }

  private Object[] sign(Path what, Path signature) {
    return new Object[] {
      "sign", "key", what, "--private-key", privateKey, "--signature", signature
    };
  }

  private Object[] verify(Path what, Path signature) {
    return new Object[] {
      "verify", "key", what, "--public-key", publicKey, "--signature", signature
    };
  }

  private static void assertEndedBy(int signal, ToolProcess tool) throws Exception {
    Ended ended = tool.await();
    assertThat(ended.status()).as("exit status; %s", ended).isEqualTo(128 + signal);
    assertThat(ended.out()).isEmpty();
    tool.awaitEndOfChildren();
  }

  // While it starts

  @ParameterizedTest
  @ValueSource(ints = {LibC.SIGINT, LibC.SIGTERM})
  void endsWhileTheJvmStarts(int signal) throws Exception {
    makeEndless(model.resolve("weights"));
    try (ToolProcess tool = start(Tool.JAR, sign(model, signatures.resolve("model.sig")))) {
      tool.awaitStart(JAVA);
      tool.signal(signal);

      assertEndedBy(signal, tool);
    }
    assertThat(signatures).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {LibC.SIGINT, LibC.SIGTERM})
  void endsWhileTheLauncherStarts(int signal) throws Exception {
    makeEndless(model.resolve("weights"));
    try (ToolProcess tool = start(Tool.LAUNCHER, sign(model, signatures.resolve("model.sig")))) {
      tool.awaitStart("/bin/sh", JAVA);
      tool.signal(signal);

      assertEndedBy(signal, tool);
    }
    assertThat(signatures).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {LibC.SIGINT, LibC.SIGTERM})
  void endsWhileTheLauncherHasAnArchiveMade(int signal) throws Exception {
    makeEndless(model.resolve("weights"));
    Path fresh = ToolProcess.installLauncher(directory.resolve("checkout"));
    try (ToolProcess tool = start(List.of(fresh.toString()), "digest", model)) {
      tool.awaitRead(PAST_THE_START);
      tool.signal(signal);

      assertEndedBy(signal, tool);
    }
    try (Stream<Path> left = Files.list(fresh.resolveSibling("cli/target"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .allMatch(name -> name.matches("model-signing.*\\.(jar|jsa|jsa\\.for)"));
    }
  }

  // While it hashes

  @ParameterizedTest
  @CsvSource({"JAR, 2", "JAR, 15", "LAUNCHER, 2", "LAUNCHER, 15"})
  void endsWhileAFileIsHashedForSigning(Tool kind, int signal) throws Exception {
    makeEndless(model.resolve("weights"));
    Files.writeString(model.resolve("config.json"), "{}");
    try (ToolProcess tool = start(kind, sign(model, signatures.resolve("model.sig")))) {
      tool.awaitRead(PAST_THE_START);
      tool.signal(signal);

      assertEndedBy(signal, tool);
    }
    assertThat(signatures).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {LibC.SIGINT, LibC.SIGTERM})
  void endsWhileAFileIsHashedForVerification(int signal) throws Exception {
    Path signature = signatures.resolve("model.sig");
    Files.writeString(model.resolve("weights"), "small");
    try (ToolProcess tool = start(Tool.JAR, sign(model, signature))) {
      tool.await().assertSucceeded();
    }
    makeEndless(model.resolve("weights"));
    try (ToolProcess tool = start(Tool.JAR, verify(model, signature))) {
      tool.awaitRead(PAST_THE_START);
      tool.signal(signal);

      assertEndedBy(signal, tool);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256", "blake2b", "blake3"})
  void endsWhicheverHashAlgorithmIsUsed(String algorithm) throws Exception {
    makeEndless(model.resolve("weights"));
    try (ToolProcess tool =
        start(Tool.JAR, "digest", model, "--hash-algorithm", algorithm, "--jobs=3")) {
      tool.awaitRead(PAST_THE_START);
      tool.signal(LibC.SIGINT);

      assertEndedBy(LibC.SIGINT, tool);
    }
  }

  /** Its schema is checked where processes are waited for. */
  @Test
  void printsOneObjectForPrograms() throws Exception {
    makeEndless(model.resolve("weights"));
    Object[] signing = sign(model, signatures.resolve("model.sig"));
    Object[] args = Arrays.copyOf(signing, signing.length + 1);
    args[signing.length] = "--format=json";
    try (ToolProcess running = start(Tool.JAR, args)) {
      running.awaitRead(PAST_THE_START);
      running.signal(LibC.SIGTERM);

      Ended ended = running.await();

      assertThat(ended.status()).isEqualTo(143);
      assertThat(ended.out())
          .startsWith("{\"verified\":false,")
          .contains("\"reason\":\"INTERRUPTED\"");
    }
    assertThat(signatures).isEmptyDirectory();
  }

  @Test
  void leavesAnEarlierSignatureAsItWas() throws Exception {
    makeEndless(model.resolve("weights"));
    Path signature = Files.writeString(signatures.resolve("model.sig"), "earlier");
    try (ToolProcess tool = start(Tool.JAR, sign(model, signature))) {
      tool.awaitRead(PAST_THE_START);
      tool.signal(LibC.SIGINT);

      assertEndedBy(LibC.SIGINT, tool);
    }
    assertThat(signature).hasContent("earlier");
    assertThat(signatures).isDirectoryNotContaining("glob:**.tmp");
  }

  // A change of a file in use; needs no rights

  @Test
  void namesAFileThatIsTruncatedWhileItIsHashed() throws Exception {
    Path weights = model.resolve("weights");
    makeEndless(weights);
    try (ToolProcess tool = start(Tool.JAR, sign(model, signatures.resolve("model.sig")))) {
      tool.awaitRead(PAST_THE_START);
      Files.newByteChannel(weights, java.nio.file.StandardOpenOption.WRITE).truncate(1).close();

      tool.await().assertFailed(weights + ": changed while it was being hashed: expected");
    }
    assertThat(signatures).isEmptyDirectory();
  }

  // At any time

  /**
   * From before the JVM has begun to after the signature was written. The moments are meant to be
   * any, so these are times and no events; the outcome is right whatever the tool is at then.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 1000})
  void leavesAWholeSignatureOrNoneWheneverItIsInterrupted(int milliseconds) throws Exception {
    Files.writeString(model.resolve("weights"), "small");
    Path signature = signatures.resolve("model.sig");
    Ended ended;
    try (ToolProcess tool = start(Tool.JAR, sign(model, signature))) {
      tool.awaitStart(JAVA);
      TimeUnit.MILLISECONDS.sleep(milliseconds);
      tool.signalIfAlive(LibC.SIGINT);
      ended = tool.await();
    }

    assertThat(ended.status()).as("exit status; %s", ended).isIn(0, 130);
    if (ended.status() == 0) {
      assertThat(signature).exists();
    }
    if (Files.exists(signature)) {
      Invocation.of(verify(model, signature)).assertSucceeded();
      Files.delete(signature);
    }
    assertThat(signatures).isEmptyDirectory();
  }

  /** With a device that sends the signal at a chosen request. */
  @Nested
  @WithMounts
  class OnADevice {

    private static final String WEIGHTS = "model/weights";

    private final CompletableFuture<ToolProcess> running = new CompletableFuture<>();
    private FuseFileSystem device;

    @BeforeEach
    void makeModel() throws IOException {
      device = FuseFileSystem.mount(Files.createDirectory(directory.resolve("device")));
      device.writeZeros(WEIGHTS, 50_000_000);
      device.write("out/other", new byte[1]);
      for (int i = 0; i < 1000; i++) {
        device.writeZeros("model/f" + i, 1000);
      }
    }

    @AfterEach
    void unmount() {
      device.close();
    }

    private void interrupt() {
      running.join().signal(LibC.SIGINT);
    }

    /** Never an answer, as from a server that is gone; so nothing is finished by chance. */
    private Event interruptAndHang() {
      return call -> {
        interrupt();
        FuseFileSystem.hang(call);
      };
    }

    private void signUntilInterrupted(Path signature, Object... more) throws Exception {
      Object[] sign = sign(device.path("model"), signature);
      Object[] args = Arrays.copyOf(sign, sign.length + more.length);
      System.arraycopy(more, 0, args, sign.length, more.length);
      try (ToolProcess tool = start(Tool.JAR, args)) {
        running.complete(tool);
        assertEndedBy(LibC.SIGINT, tool);
      }
    }

    @ParameterizedTest
    @EnumSource(
        value = Request.class,
        names = {"LOOKUP", "OPEN", "READ"})
    void endsBetweenManyFiles(Request request) throws Exception {
      device.before(request, "model/f500", interruptAndHang());

      signUntilInterrupted(signatures.resolve("model.sig"));
      assertThat(signatures).isEmptyDirectory();
    }

    @Test
    void endsWhileADirectoryIsListed() throws Exception {
      device.beforeEnd("model", interruptAndHang());

      signUntilInterrupted(signatures.resolve("model.sig"));
      assertThat(signatures).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--jobs=1", "--jobs=2", "--jobs=8"})
    void endsWhileAReadHangs(String jobs) throws Exception {
      device.beforeByte(20_000_000, WEIGHTS, interruptAndHang());

      signUntilInterrupted(signatures.resolve("model.sig"), jobs);
      assertThat(signatures).isEmptyDirectory();
    }

    @Test
    void endsWhileReadsGoOn() throws Exception {
      device.writeZeros("model/endless", TERABYTE);
      device.beforeByte(20_000_000, "model/endless", call -> interrupt());

      signUntilInterrupted(signatures.resolve("model.sig"));
      assertThat(signatures).isEmptyDirectory();
    }

    /** Blocks the close of the file until it was removed, which only the shutdown hook does. */
    private void awaitRemovalOnClose() {
      CountDownLatch removed = new CountDownLatch(1);
      device.before(Request.UNLINK, "out", call -> removed.countDown());
      device.before(
          Request.FLUSH,
          "out",
          call -> {
            if (!removed.await(60, TimeUnit.SECONDS)) {
              throw new FuseFileSystem.Errno(LibC.EIO);
            }
          });
    }

    @ParameterizedTest
    @EnumSource(
        value = Request.class,
        names = {"CREATE", "WRITE", "FSYNC"})
    void removesWhatItHasBegunToWrite(Request request) throws Exception {
      device.before(request, "out", call -> interrupt());
      awaitRemovalOnClose();

      signUntilInterrupted(device.path("out/model.sig"));
      assertThat(device.names("out")).containsExactly("other");
    }

    @Test
    void leavesAnEarlierSignatureWhileItWritesANewOne() throws Exception {
      byte[] earlier = "earlier".getBytes(StandardCharsets.UTF_8);
      device.write("out/model.sig", earlier);
      device.before(Request.WRITE, "out", call -> interrupt());
      awaitRemovalOnClose();

      signUntilInterrupted(device.path("out/model.sig"));
      assertThat(device.names("out")).containsExactly("model.sig", "other");
      assertThat(device.content("out/model.sig")).isEqualTo(earlier);
    }

    @Test
    void leavesASignatureWholeThatWasBeingRenamed() throws Exception {
      device.before(Request.RENAME, "out", call -> interrupt());
      Path signature = device.path("out/model.sig");
      try (ToolProcess tool = start(Tool.JAR, sign(device.path("model"), signature))) {
        running.complete(tool);
        assertThat(tool.await().status()).isIn(0, 130);
      }

      assertThat(device.names("out")).containsExactly("model.sig", "other");
      Invocation.of(verify(device.path("model"), signature)).assertSucceeded();
    }
  }
}
