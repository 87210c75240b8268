package dev.modelsigning.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packaged tool with models on a device that fails, and with models that change while they are
 * read: an error that names the file, exit status 1, and nothing written.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs a file system of Linux")
@WithMounts
class FaultyModelIT {

  private static final int SIZE = 20_000_000;
  private static final String WEIGHTS = "model/sub/weights";

  @TempDir private Path directory;

  private FuseFileSystem device;
  private Path output;
  private Path privateKey;
  private Path publicKey;
  private Path signature;

  @BeforeEach
  void makeModel() throws IOException {
    output = Files.createDirectory(directory.resolve("output"));
    privateKey = directory.resolve("key.pem");
    publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    signature = Files.createDirectory(directory.resolve("signatures")).resolve("model.sig");
    device = FuseFileSystem.mount(Files.createDirectory(directory.resolve("device")));
    device.write("model/config.json", "{}".getBytes(StandardCharsets.UTF_8));
    device.writeZeros(WEIGHTS, SIZE);
    for (int i = 0; i < 100; i++) {
      device.writeZeros("model/sub/small" + i, i * 100L);
    }
  }

  @AfterEach
  void unmount() {
    device.close();
  }

  private Ended run(Object... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(ToolProcess.java(ToolProcess.packagedJar()));
    Stream.of(args).map(Object::toString).forEach(command::add);
    try (ToolProcess tool = ToolProcess.start(output, command)) {
      return tool.await();
    }
  }

  private Ended sign(Object... more) throws IOException, InterruptedException {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "sign",
                "key",
                device.path("model"),
                "--private-key",
                privateKey,
                "--signature",
                signature));
    args.addAll(List.of(more));
    return run(args.toArray());
  }

  private Ended verify() throws IOException, InterruptedException {
    return run(
        "verify", "key", device.path("model"), "--public-key", publicKey, "--signature", signature);
  }

  /** Neither a signature nor part of one. */
  private void assertNothingWritten() {
    assertThat(signature.getParent()).isEmptyDirectory();
  }

  private void refusesToSign(String path, String reason, Object... more) throws Exception {
    sign(more).assertFailed("Signing failed with error: " + device.path(path) + ": ", reason);
    assertNothingWritten();
  }

  @Test
  void signsAndVerifiesOnADeviceThatWorks() throws Exception {
    sign().assertSucceeded();
    verify().assertSucceeded();
  }

  // Errors of the device

  @ParameterizedTest
  @CsvSource({
    "0, sha256", "10000000, sha256", "19999999, sha256",
    "0, blake3", "10000000, blake3", "19999999, blake3",
    "10000000, blake2b"
  })
  void namesTheFileOfWhichAByteCannotBeRead(long offset, String algorithm) throws Exception {
    device.beforeByte(offset, WEIGHTS, FuseFileSystem.error(LibC.EIO));

    refusesToSign(WEIGHTS, "Input/output error", "--hash-algorithm", algorithm);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--jobs=1", "--jobs=2", "--jobs=16", "--shard-size=1000000"})
  void namesTheFileWhateverTheWorkIsDividedInto(String option) throws Exception {
    device.beforeByte(10_000_000, WEIGHTS, FuseFileSystem.error(LibC.EIO));

    refusesToSign(WEIGHTS, "Input/output error", option);
  }

  @Test
  void namesTheSmallFileThatCannotBeRead() throws Exception {
    device.beforeByte(1, "model/sub/small50", FuseFileSystem.error(LibC.EIO));

    refusesToSign("model/sub/small50", "Input/output error");
  }

  @Test
  void namesTheFileThatCannotBeOpened() throws Exception {
    device.before(Request.OPEN, WEIGHTS, FuseFileSystem.error(LibC.EIO));

    refusesToSign(WEIGHTS, "Input/output error");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void namesTheDirectoryThatCannotBeListed(boolean toItsEnd) throws Exception {
    if (toItsEnd) {
      device.beforeEnd("model/sub", FuseFileSystem.error(LibC.EIO));
    } else {
      device.before(Request.READDIR, "model/sub", FuseFileSystem.error(LibC.EIO));
    }

    refusesToSign("model/sub", "Input/output error: the directory cannot be read");
  }

  @Test
  void namesTheEntryThatCannotBeLookedAt() throws Exception {
    device.before(Request.LOOKUP, WEIGHTS, FuseFileSystem.error(LibC.EIO));

    refusesToSign(WEIGHTS, "Input/output error: the entry cannot be read");
  }

  @Test
  void printsNoDigestOfAModelThatCannotBeRead() throws Exception {
    device.beforeByte(10_000_000, WEIGHTS, FuseFileSystem.error(LibC.EIO));

    run("digest", device.path("model"))
        .assertFailed("Computing digest failed: " + device.path(WEIGHTS) + ": Input/output error");
  }

  @Test
  void doesNotVerifyAModelThatCannotBeRead() throws Exception {
    sign().assertSucceeded();
    device.beforeByte(10_000_000, WEIGHTS, FuseFileSystem.error(LibC.EIO));

    verify()
        .assertFailed(
            "Verification failed with error: " + device.path(WEIGHTS) + ": Input/output error");
  }

  // Files that change

  @ParameterizedTest
  @ValueSource(longs = {0, 10_000_000, 19_999_999})
  void refusesAFileThatIsTruncatedWhileItIsRead(long offset) throws Exception {
    device.beforeByte(offset, WEIGHTS, call -> device.resize(WEIGHTS, offset));

    refusesToSign(WEIGHTS, "changed while it was being hashed: expected 20000000 bytes, found ");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 10_000_000})
  void refusesAFileThatGrowsWhileItIsRead(long offset) throws Exception {
    device.beforeByte(offset, WEIGHTS, call -> device.resize(WEIGHTS, SIZE + 1));

    refusesToSign(WEIGHTS, "changed while it was being hashed: expected 20000000 bytes, found ");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 10_000_000})
  void refusesAFileThatIsReplacedWhileItIsRead(long offset) throws Exception {
    device.beforeByte(offset, WEIGHTS, call -> device.replace(WEIGHTS));

    refusesToSign(WEIGHTS, "changed while it was being hashed: it was replaced by another file");
  }

  @Test
  void refusesAFileThatIsReplacedBeforeItIsOpened() throws Exception {
    device.before(Request.OPEN, WEIGHTS, call -> device.replace(WEIGHTS));

    refusesToSign(WEIGHTS, "changed while it was being hashed: it was replaced by another file");
  }

  @Test
  void refusesASmallFileThatGrowsWhileItIsRead() throws Exception {
    device.beforeByte(1, "model/sub/small50", call -> device.resize("model/sub/small50", 6000));

    refusesToSign("model/sub/small50", "expected 5000 bytes, found ");
  }

  @Test
  void doesNotVerifyAModelThatChangesWhileItIsRead() throws Exception {
    sign().assertSucceeded();
    device.beforeByte(10_000_000, WEIGHTS, call -> device.resize(WEIGHTS, SIZE + 1));

    verify().assertFailed(device.path(WEIGHTS) + ": changed while it was being hashed");
  }

  // Directories that vanish

  private void namesSomethingBelow(String path) throws Exception {
    sign().assertFailed("Signing failed with error: " + device.path(path));
    assertNothingWritten();
  }

  @Test
  void namesTheDirectoryThatVanishesBeforeItIsListed() throws Exception {
    // The second time that its name is looked up, it is to be opened.
    Event vanish = call -> device.remove("model/sub");
    device.before(
        Request.LOOKUP, "model/sub", call -> device.before(Request.LOOKUP, "model/sub", vanish));

    refusesToSign("model/sub", "it disappeared while the model was read");
  }

  @Test
  void namesAnEntryOfTheDirectoryThatVanishesWhileItIsListed() throws Exception {
    device.beforeEnd("model/sub", call -> device.remove("model/sub"));

    refusesToSign("model/sub/small0", "it disappeared while the model was read");
  }

  @Test
  void namesTheModelThatVanishesWhileItIsListed() throws Exception {
    device.beforeEnd("model", call -> device.remove("model"));

    namesSomethingBelow("model");
  }

  @Test
  void namesAFileOfTheDirectoryThatVanishesWhileItIsHashed() throws Exception {
    device.beforeByte(10_000_000, WEIGHTS, call -> device.remove("model/sub"));

    namesSomethingBelow("model/sub/");
  }

  @Test
  void namesAFileOfTheModelThatVanishesWhileItIsHashed() throws Exception {
    device.beforeByte(10_000_000, WEIGHTS, call -> device.remove("model"));

    namesSomethingBelow("model/");
  }

  @Test
  void doesNotVerifyAModelOfWhichADirectoryVanishesWhileItIsListed() throws Exception {
    sign().assertSucceeded();
    device.before(Request.READDIR, "model/sub", call -> device.remove("model/sub"));

    verify().assertFailed("Verification failed with error: ", "101 missing", "sub/small0");
  }

  @Test
  void doesNotVerifyAModelOfWhichADirectoryVanishesWhileItIsHashed() throws Exception {
    sign().assertSucceeded();
    device.beforeByte(10_000_000, WEIGHTS, call -> device.remove("model/sub"));

    verify().assertFailed("Verification failed with error: " + device.path("model/sub/"));
  }

  // Where the signature is written

  @ParameterizedTest
  @CsvSource({"CREATE", "WRITE", "FSYNC", "RENAME"})
  void leavesNothingWhereTheSignatureCannotBeWritten(Request request) throws Exception {
    device.write("out/other", new byte[1]);
    device.before(request, "out", FuseFileSystem.error(LibC.ENOSPC));
    signature = device.path("out/model.sig");

    sign()
        .assertFailed(
            "Signing failed with error: " + signature + ": cannot be written: ",
            "No space left on device");
    assertThat(device.names("out")).containsExactly("other");
  }

  @Test
  void leavesAnEarlierSignatureWhereTheNewOneCannotBeWritten() throws Exception {
    byte[] earlier = "earlier".getBytes(StandardCharsets.UTF_8);
    device.write("out/model.sig", earlier);
    device.before(Request.FSYNC, "out", FuseFileSystem.error(LibC.EIO));
    signature = device.path("out/model.sig");

    sign().assertFailed(signature + ": cannot be written: Input/output error");
    assertThat(device.names("out")).containsExactly("model.sig");
    assertThat(device.content("out/model.sig")).isEqualTo(earlier);
  }

  // Where keys are written

  @ParameterizedTest
  @CsvSource({"CREATE", "WRITE", "FSYNC", "RENAME"})
  void leavesNoKeyWhereTheSecondOneCannotBeWritten(Request request) throws Exception {
    device.write("out/other", new byte[1]);
    device.before(request, "out", FuseFileSystem.error(LibC.ENOSPC));
    Path newPrivate = device.path("out/new.pem");
    Path newPublic = directory.resolve("new.pub");

    generate(newPrivate, newPublic)
        .assertFailed(
            "Generating keys failed with error: " + newPrivate + ": cannot be written: ",
            "No space left on device");
    assertThat(device.names("out")).containsExactly("other");
    assertThat(newPublic).doesNotExist();
  }

  @Test
  void makesNoPrivateKeyWhereThePublicOneCannotBeWritten() throws Exception {
    device.write("out/other", new byte[1]);
    device.before(Request.WRITE, "out", FuseFileSystem.error(LibC.ENOSPC));
    Path newPrivate = directory.resolve("new.pem");
    Path newPublic = device.path("out/new.pub");

    generate(newPrivate, newPublic).assertFailed(newPublic + ": cannot be written: ");
    assertThat(device.names("out")).containsExactly("other");
    assertThat(newPrivate).doesNotExist();
  }

  @Test
  void writesKeysWhereThereAreNoHardLinks() throws Exception {
    device.write("out/other", new byte[1]);
    generate(device.path("out/new.pem"), device.path("out/new.pub")).assertSucceeded();
    assertThat(device.names("out")).containsExactlyInAnyOrder("new.pem", "new.pub", "other");
  }

  private Ended generate(Path newPrivate, Path newPublic) throws Exception {
    return run("generate-key", "--private-key", newPrivate, "--public-key", newPublic);
  }
}
