package dev.modelsigning.cli.sign;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code sign key} refuses to sign, without writing anything. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links, FIFOs and permissions of POSIX")
class SignRefusalTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeModelAndKeys() throws IOException {
    workspace = Workspace.in(directory);
  }

  @AfterEach
  void nothingButCompleteFilesIsLeft() throws IOException {
    assertThat(workspace.content().keySet()).noneMatch(name -> name.endsWith(".tmp"));
  }

  /** Signs the model, which must fail with these parts in the message and change nothing. */
  private Invocation refuses(Path model, Object... parts) throws Exception {
    return workspace
        .changingNothing(() -> workspace.signModel(model))
        .assertFailed(SIGNING_FAILED, parts);
  }

  private Invocation refusesKey(Path key, Object... parts) throws Exception {
    return workspace
        .changingNothing(() -> workspace.signWith(key))
        .assertFailed(SIGNING_FAILED, parts);
  }

  private Invocation refusesSignatureAt(Path signature, Object... parts) throws Exception {
    return workspace
        .changingNothing(() -> workspace.signTo(signature))
        .assertFailed(SIGNING_FAILED, parts);
  }

  // Models

  @Test
  void refusesAnEmptyModelAndNamesIt() throws Exception {
    Path empty = Files.createDirectories(workspace.path("empty/with/directories"));

    refuses(workspace.path("empty"), workspace.path("empty") + ": ", "no files to sign");
    assertThat(empty).isDirectory();
  }

  @Test
  void refusesAModelOfNothingButGitPaths() throws Exception {
    workspace.write("empty/.git/HEAD", "ref");

    refuses(workspace.path("empty"), workspace.path("empty") + ": ", "besides those", "left out");
  }

  @Test
  void refusesAModelOfEmptyFilesInShards() throws Exception {
    workspace.write("empty/file", "");

    workspace
        .changingNothing(() -> workspace.signModel(workspace.path("empty"), "--shard-size=10"))
        .assertFailed(SIGNING_FAILED, workspace.path("empty") + ": ", "no files to sign");
  }

  @Test
  void refusesAMissingModelAndNamesIt() throws Exception {
    Path missing = workspace.path("missing");

    refuses(missing, missing + ": no such file or directory");
  }

  @Test
  void refusesASymbolicLinkAndSaysHowToAllowIt() throws Exception {
    Path link = workspace.link("model/link.json", "config.json");

    refuses(workspace.model(), link + ": is a symbolic link", "allow", "ignore");
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "true"})
  void refusesALinkToADirectoryEvenWhereLinksAreAllowed(boolean allow) throws Exception {
    Path link = workspace.link("model/link", "weights");

    workspace
        .changingNothing(() -> allow ? workspace.sign("--allow-symlinks") : workspace.sign())
        .assertFailed(SIGNING_FAILED, link + ": is a symbolic link to a directory");
  }

  @Test
  void refusesADanglingLinkAndNamesIt() throws Exception {
    Path link = workspace.link("model/link", "nowhere");

    refuses(workspace.model(), link + ": is a symbolic link");
  }

  @Test
  void refusesADanglingLinkWhereLinksAreAllowed() throws Exception {
    Path link = workspace.link("model/link", "nowhere");

    workspace
        .changingNothing(() -> workspace.sign("--allow-symlinks"))
        .assertFailed(SIGNING_FAILED, link + ": is a symbolic link that leads nowhere");
  }

  @Test
  void refusesACircleOfLinksWhereLinksAreAllowed() throws Exception {
    Path link = workspace.link("model/a", "b");
    workspace.link("model/b", "a");

    workspace
        .changingNothing(() -> workspace.sign("--allow-symlinks"))
        .assertFailed(SIGNING_FAILED, link + ": is a symbolic link that leads nowhere or in a");
  }

  @Test
  void refusesALinkToAFifoWhereLinksAreAllowed() throws Exception {
    workspace.fifo("fifo");
    Path link = workspace.link("model/link", "../fifo");

    workspace
        .changingNothing(() -> workspace.sign("--allow-symlinks"))
        .assertFailed(SIGNING_FAILED, link + ": is not a regular file");
  }

  @Test
  void refusesAModelThatIsItselfALink() throws Exception {
    Path link = workspace.link("link", "model");

    refuses(link, link + ": is a symbolic link");
  }

  @Test
  void refusesAFifoAndNamesIt() throws Exception {
    Path fifo = workspace.fifo("model/fifo");

    refuses(workspace.model(), fifo + ": is not a regular file", "FIFO", "ignore it");
  }

  @Test
  void refusesAModelThatIsAFifo() throws Exception {
    Path fifo = workspace.fifo("fifo");

    refuses(fifo, fifo + ": a model is a directory or a regular file");
  }

  @Test
  void refusesAnUnreadableFileAndNamesIt() throws Exception {
    Path file = workspace.write("model/secret", "x");
    workspace.forbid(file);

    refuses(workspace.model(), file + ": permission denied");
  }

  @Test
  void refusesAnUnreadableDirectoryAndNamesIt() throws Exception {
    Path file = workspace.write("model/secret/file", "x");
    workspace.forbid(file.getParent());
    try {
      refuses(workspace.model(), file.getParent() + ": permission denied");
    } finally {
      Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void refusesANameThatIsNotUtf8AndNamesIt() throws Exception {
    workspace.writeFileNamed("model", "bad\\377name");

    refuses(workspace.model(), workspace.model() + "/bad", "name", "not UTF-8");
  }

  @Test
  void signsBesideAnIgnoredFifo() throws Exception {
    Path fifo = workspace.fifo("model/fifo");

    Invocation signed = workspace.sign("--ignore-paths", fifo).assertSucceeded();

    assertThat(signed.out()).contains("fifo [special file] (ignored on request)");
  }

  @Test
  void escapesControlCharactersInTheNamesOfRefusedFiles() throws Exception {
    workspace.link("model/\u001b[31mred\rSigning succeeded", "config.json");

    refuses(workspace.model(), "\\u001b[31mred\\u000dSigning succeeded: is a symbolic link");
  }

  // Keys

  @Test
  void refusesAMissingKeyAndNamesIt() throws Exception {
    Path missing = workspace.path("missing.pem");

    refusesKey(missing, missing + ": no such file or directory");
  }

  @Test
  void refusesAPublicKey() throws Exception {
    refusesKey(
        workspace.publicKey(),
        workspace.publicKey() + ": holds a public key, expected the private key");
  }

  @Test
  void refusesACertificate() throws Exception {
    Path file = PemFiles.writeCertificate(workspace.path("cert.pem"), PemFiles.ec("secp256r1"));

    refusesKey(file, file + ": holds a certificate, expected the private key");
  }

  @Test
  void refusesAnRsaKeyInPkcs8() throws Exception {
    Path file = PemFiles.writePkcs8(workspace.path("rsa.pem"), PemFiles.rsa());

    refusesKey(file, file + ": ", "RSA", "P-256, P-384", "P-521");
  }

  @Test
  void refusesAnRsaKeyInItsOwnForm() throws Exception {
    Path file = PemFiles.writeTraditional(workspace.path("rsa.pem"), PemFiles.rsa());

    refusesKey(file, file + ": ", "RSA", "P-256, P-384", "P-521");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesAKeyOnAnotherCurveAndNamesTheCurve(boolean pkcs8) throws Exception {
    var pair = PemFiles.ec("secp256k1");
    Path file = workspace.path("k1.pem");
    if (pkcs8) {
      PemFiles.writePkcs8(file, pair);
    } else {
      PemFiles.writeTraditional(file, pair);
    }

    refusesKey(file, file + ": ", "secp256k1", "P-256, P-384", "P-521");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "\u0000\u0001\u0002",
        "-----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n*!*\n-----END PRIVATE KEY-----\n",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
      })
  void refusesGarbageForAKeyAndNamesTheFile(String content) throws Exception {
    Path file = workspace.write("garbage.pem", content);

    refusesKey(file, file + ": ");
  }

  @Test
  void refusesAFileOfTwoPrivateKeys() throws Exception {
    String pem = Files.readString(workspace.privateKey());
    Path file = workspace.write("two.pem", pem + pem);

    refusesKey(file, file + ": holds 2 private keys");
  }

  @Test
  void refusesAHugeFileForAKey() throws Exception {
    Path file = workspace.write("huge.pem", "x".repeat(2 << 20));

    refusesKey(file, file + ": is larger than");
  }

  // Places of the signature

  @Test
  void refusesASignatureInADirectoryThatDoesNotExist() throws Exception {
    Path file = workspace.path("missing/model.sig");

    refusesSignatureAt(file, file + ": cannot be written", "directory does not exist");
  }

  @Test
  void refusesASignatureThatIsADirectory() throws Exception {
    Path file = Files.createDirectory(workspace.path("directory"));

    refusesSignatureAt(file, file + ": cannot be written", "is a directory");
  }

  @Test
  void refusesASignatureBelowAFile() throws Exception {
    Path file = workspace.publicKey().resolve("model.sig");

    refusesSignatureAt(file, file + ": cannot be written");
  }

  @Test
  void refusesASignatureInADirectoryThatMayNotBeWrittenTo() throws Exception {
    Path parent = Files.createDirectory(workspace.path("readonly"));
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeFalse(
          Files.isWritable(parent),
          "permissions do not bind this user; run as another user than root"
              + " (PackagedJarIT drops root's privileges to test the same)");
      Path file = parent.resolve("model.sig");

      refusesSignatureAt(file, file + ": cannot be written");
    } finally {
      Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void refusesAPlaceWhereNobodyCanWrite() throws Exception {
    Path file = Path.of("/proc/self/model.sig");
    assumeFalse(Files.notExists(file.getParent()), "needs /proc, as Linux has it");

    refusesSignatureAt(file, file + ": cannot be written");
  }

  @Test
  void refusesASignatureThatIsAFifo() throws Exception {
    Path fifo = workspace.fifo("fifo");

    refusesSignatureAt(fifo, fifo + ": cannot be written: it is not a regular file");
  }

  @Test
  void refusesASignatureOverAFileOfTheModel() throws Exception {
    Path file = workspace.model().resolve("config.json");

    refusesSignatureAt(file, file, "part of the model", "choose another place");
  }

  @Test
  void refusesASignatureOverAFileOfTheModelByAnotherPath() throws Exception {
    workspace.link("alias", "model");
    Path file = workspace.path("alias/weights/../config.json");

    refusesSignatureAt(file, "config.json", "part of the model");
  }

  @Test
  void refusesASignatureOverAModelOfOneFile() throws Exception {
    Path file = workspace.model().resolve("config.json");

    workspace
        .changingNothing(() -> workspace.signIn(Map.of(), file, workspace.privateKey(), file))
        .assertFailed(SIGNING_FAILED, file, "choose another place");
  }

  @Test
  void refusesASignatureOfItself() throws Exception {
    workspace.sign().assertSucceeded();

    workspace
        .changingNothing(() -> workspace.signModel(workspace.signature()))
        .assertFailed(SIGNING_FAILED, workspace.signature(), "same file");
  }

  @Test
  void keepsAnEarlierSignatureWhenTheModelCannotBeSigned() throws Exception {
    workspace.sign().assertSucceeded();
    workspace.fifo("model/fifo");

    refuses(workspace.model(), "fifo");

    assertThat(workspace.signature()).exists();
  }

  @Test
  void keepsAnEarlierSignatureWhenTheKeyIsRefused() throws Exception {
    workspace.sign().assertSucceeded();

    refusesKey(workspace.publicKey(), "holds a public key");
  }
}
