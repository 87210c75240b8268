package dev.modelsigning.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where our command line and the Python one differ today. A test that fails here says that Python
 * has changed: look whether the difference can go, and change the table in the documentation.
 */
@WithPythonClient
class PythonDifferencesIT {

  private static KeyPair keys;

  private final Client java = Client.java();
  private final Client python = Client.python();

  @TempDir private Path directory;
  private Path model;
  private Path signature;

  @BeforeAll
  static void makeKeys(@TempDir Path directory) throws Exception {
    keys = KeyPair.generate(directory, "P-256");
  }

  @BeforeEach
  void makeModel() throws IOException {
    model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    signature = directory.resolve("model.sig");
  }

  @Test
  void theClientIsVersion111() throws Exception {
    python.run(directory, "--version").endsWith(0, "version 1.1.1");
  }

  /** It came after 1.1.1. */
  @Test
  void pythonHasNoDigestCommand() throws Exception {
    python.run(directory, "digest", model.toString()).endsWith(2, "No such command 'digest'");
  }

  /** Python names the only resource {@code .}, which says nothing about the name of the file. */
  @Test
  void javaVerifiesASingleFileThatPythonSigned() throws Exception {
    Path file = model.resolve("config.json");
    sign(python, file);
    assertThat(signedNames()).containsExactly(".");

    verify(java, file).succeeds();
    verify(java, Files.copy(file, model.resolve("renamed"))).succeeds();
    Files.writeString(file, "{ }");
    verify(java, file).refuses(java.changed());
  }

  /** OMS 6.1.2 wants the name of the file, Python expects {@code .} only. */
  @Test
  void pythonRefusesASingleFileThatJavaSigned() throws Exception {
    Path file = model.resolve("config.json");
    sign(java, file);
    assertThat(signedNames()).containsExactly("config.json");

    verify(java, file).succeeds();
    verify(python, file)
        .refuses("Extra files found in model 'config.json': .\", \"Missing files in model");
  }

  @Test
  void bothRefuseToSignALinkThatIsNotAllowed() throws Exception {
    Files.createSymbolicLink(model.resolve("link"), Path.of("config.json"));

    trySigning(java).refuses("link: is a symbolic link");
    trySigning(python).refuses("link' because it is a symlink");
  }

  /** The signature says that links are allowed; Python also requires an option of the verifier. */
  @Test
  void pythonVerifiesAllowedLinksOnlyIfToldSo() throws Exception {
    Files.createSymbolicLink(model.resolve("link"), Path.of("config.json"));
    sign(java, model, "--allow_symlinks");

    verify(java, model).succeeds();
    verify(python, model).refuses("link' because it is a symlink");
    verify(python, model, "--allow_symlinks").succeeds();
    Files.writeString(model.resolve("config.json"), "{ }");
    verify(python, model, "--allow_symlinks").refuses(python.changed());
  }

  @Test
  void javaVerifiesAllowedLinksThatPythonSigned() throws Exception {
    Files.createSymbolicLink(model.resolve("link"), Path.of("config.json"));
    sign(python, model, "--allow_symlinks");

    verify(java, model).succeeds();
    verify(java, model, "--allow_symlinks").succeeds();
    Files.writeString(model.resolve("config.json"), "{ }");
    verify(java, model).refuses("  changed (2):");
  }

  /** Python skips what is behind the link; for us it is unsigned content. */
  @Test
  void javaRefusesALinkToADirectoryThatPythonLeftUnsigned() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("weights.bin"), "unsigned");
    Path link = Files.createSymbolicLink(model.resolve("link"), other);
    trySigning(java, "--allow_symlinks").refuses("link: is a symbolic link to a directory");
    sign(python, model, "--allow_symlinks");
    assertThat(signedNames()).containsExactly("config.json");

    verify(python, model, "--allow_symlinks").succeeds();
    verify(java, model).refuses("link (symbolic link to a directory)");
    verify(java, model, "--ignore_unsigned_files").succeeds();
    verify(java, model, "--ignore-paths", link.toString()).succeeds();
  }

  /** Python looks for links before it looks what is to be ignored. */
  @Test
  void pythonRefusesALinkThatIsIgnored() throws Exception {
    Path link = Files.createSymbolicLink(model.resolve("link"), Path.of("config.json"));
    String[] ignored = {"--ignore-paths", link.toString()};
    trySigning(python, ignored).refuses("link' because it is a symlink");
    sign(java, model, ignored);

    verify(java, model).succeeds();
    verify(python, model, ignored).refuses("link' because it is a symlink");
    verify(python, model, "--ignore_unsigned_files").succeeds();
  }

  /** Python follows a link that is to be ignored: it leaves out the target and signs the link. */
  @Test
  void pythonIgnoresTheTargetOfALinkInPlaceOfTheLink() throws Exception {
    Path link = Files.createSymbolicLink(model.resolve("link"), Path.of("config.json"));
    Files.writeString(model.resolve("weights.bin"), "weights");
    String[] options = {"--allow_symlinks", "--ignore-paths", link.toString()};

    sign(python, model, options);
    assertThat(signedNames()).containsExactly("link", "weights.bin");
    verify(java, model).succeeds();
    sign(java, model, options);
    assertThat(signedNames()).containsExactly("config.json", "weights.bin");
    verify(python, model, "--allow_symlinks").succeeds();
  }

  /** Python takes a relative path from the current directory, and drops one outside the model. */
  @Test
  void pythonIgnoresNothingWhereJavaTakesAPathFromTheModel() throws Exception {
    Files.writeString(Files.createDirectory(model.resolve("cache")).resolve("x"), "cached");

    sign(python, model, "--ignore-paths", "cache");
    assertThat(signedNames()).containsExactly("cache/x", "config.json");
    sign(java, model, "--ignore-paths", "cache");
    assertThat(signedNames()).containsExactly("config.json");
    sign(python, model, "--ignore-paths", "model/cache");
    assertThat(signedNames()).containsExactly("config.json");
    sign(java, model, "--ignore-paths", "model/cache");
    assertThat(signedNames()).containsExactly("config.json");
  }

  @Test
  void javaRefusesAPathToIgnoreOutsideTheModelThatPythonDrops() throws Exception {
    sign(python, model, "--ignore-paths", "../outside");
    trySigning(java, "--ignore-paths", "../outside").refuses("is not inside the model");
  }

  /** Python ignores the git paths unless told otherwise, even if they are signed. */
  @Test
  void pythonWantsTheFlagForSignedGitFilesAgain() throws Exception {
    Files.writeString(Files.createDirectory(model.resolve(".git")).resolve("HEAD"), "ref: x");
    sign(java, model, "--no-ignore-git-paths");
    assertThat(signedNames()).containsExactly(".git/HEAD", "config.json");

    verify(python, model).refuses("Missing files in model 'model': .git/HEAD");
    verify(python, model, "--no-ignore-git-paths").succeeds();
    sign(python, model, "--no-ignore-git-paths");
    verify(java, model).succeeds();
    verify(java, model, "--no-ignore-git-paths").succeeds();
    Files.writeString(model.resolve(".git/HEAD"), "ref: y");
    verify(java, model).refuses(java.changed());
  }

  /** Python lists files in the order of their path components, OMS 5.2.1 in that of code points. */
  @Test
  void javaWarnsOfPythonsOrderAndRefusesItIfStrict() throws Exception {
    Files.writeString(Files.createDirectory(model.resolve("config")).resolve("x"), "x");
    sign(python, model);
    assertThat(signedNames()).containsExactly("config/x", "config.json");

    verify(java, model).endsWith(0, "not in code point order");
    verify(java, model, "--strict").refuses("not in code point order");
    sign(java, model);
    assertThat(signedNames()).containsExactly("config.json", "config/x");
    verify(python, model).succeeds();
  }

  /** OMS 5.2.1 wants at least one resource. */
  @Test
  void pythonSignsAModelWithoutFiles() throws Exception {
    Files.delete(model.resolve("config.json"));
    trySigning(java).refuses("has no files to sign");
    sign(python, model);

    verify(python, model).succeeds();
    verify(java, model).refuses("lists at least one resource (OMS 5.2.1)");
  }

  @Test
  void bothRefuseAFifo() throws Exception {
    Path fifo = model.resolve("fifo");
    sign(java, model);
    assertThat(TimedProcess.start(new ProcessBuilder("mkfifo", fifo.toString())).waitFor())
        .isZero();

    trySigning(java).refuses("fifo: is not a regular file");
    trySigning(python).refuses("fifo' as file or directory");
    verify(java, model).refuses("fifo (special file)");
    verify(python, model).refuses("fifo' as file or directory");
    verify(java, model, "--ignore_unsigned_files").succeeds();
    verify(python, model, "--ignore_unsigned_files").succeeds();
  }

  /** OMS 6.2.1 forbids these characters in ignore paths. */
  @Test
  void javaTakesNoPathToIgnoreWithPatternCharacters() throws Exception {
    Path file = Files.writeString(model.resolve("a[1]"), "a");
    String[] ignored = {"--ignore-paths", file.toString()};
    trySigning(java, ignored).endsWith(2, "has one of the characters *?[");
    sign(python, model, ignored);

    verify(java, model).succeeds();
  }

  private void sign(Client signer, Path signed, String... options) throws Exception {
    signer.sign(signed, signature, keys.privateKey(), options).succeeds();
  }

  private Client.Outcome trySigning(Client signer, String... options) throws Exception {
    Path unwritten = directory.resolve("unwritten.sig");
    Client.Outcome outcome = signer.sign(model, unwritten, keys.privateKey(), options);
    assertThat(unwritten).doesNotExist();
    return outcome;
  }

  private Client.Outcome verify(Client verifier, Path verified, String... options)
      throws Exception {
    return verifier.verify(verified, signature, keys.publicKey(), options);
  }

  /** The names in the signature. */
  private List<String> signedNames() throws Exception {
    Statement statement = Statement.readUnverified(Bundle.read(signature));
    return statement.manifest().resources().stream().map(ResourceDescriptor::name).toList();
  }
}
