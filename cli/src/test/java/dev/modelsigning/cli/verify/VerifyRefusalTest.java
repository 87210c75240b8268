package dev.modelsigning.cli.verify;

import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.PemFiles;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code verify key} refuses, and with which messages. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links, FIFOs and permissions of POSIX")
class VerifyRefusalTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  private Invocation refuses(Object... parts) {
    return workspace.verify().assertFailed(VERIFICATION_FAILED, parts);
  }

  private Invocation refusesKey(Path key, Object... parts) {
    return workspace.verifyWith(key).assertFailed(VERIFICATION_FAILED, parts);
  }

  /** The lines below a title of the list of differences. */
  private static List<String> listed(Invocation refused, String title) {
    List<String> lines = refused.errorLines();
    int start = lines.indexOf("  " + title + ":");
    assertThat(start).as("'%s' in %s", title, lines).isPositive();
    return lines.stream()
        .skip(start + 1L)
        .takeWhile(line -> line.startsWith("    "))
        .map(String::strip)
        .toList();
  }

  // Models

  @Test
  void refusesAChangedFileAndShowsBothDigests() throws IOException {
    workspace.write("model/config.json", "[]");

    Invocation refused = refuses(workspace.model(), "1 changed", "OMS 8.4");

    assertThat(listed(refused, "changed (1)"))
        .containsExactly(
            "config.json: expected sha256:"
                + "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
                + ", found sha256:"
                + "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945");
    assertThat(refused.err()).contains("Do not use this model");
  }

  @Test
  void refusesAFileOfAnotherLength() throws IOException {
    workspace.write("model/config.json", "{ }");

    assertThat(listed(refuses("1 changed"), "changed (1)"))
        .singleElement()
        .asString()
        .startsWith("config.json: ");
  }

  @Test
  void refusesATruncatedFileUnderShards() throws IOException {
    workspace.sign("--shard-size", "2").assertSucceeded();
    workspace.write("model/weights/a.bin", "alp");

    assertThat(listed(refuses("1 changed"), "changed (1)"))
        .containsExactly("weights/a.bin: expected 5 bytes, found 3 bytes");
  }

  @Test
  void namesTheShardThatChanged() throws IOException {
    workspace.sign("--shard-size", "2").assertSucceeded();
    workspace.write("model/weights/a.bin", "alPha");

    assertThat(listed(refuses("1 changed"), "changed (1)"))
        .singleElement()
        .asString()
        .startsWith("weights/a.bin:2:4: expected sha256:");
  }

  @Test
  void refusesAMissingFile() throws IOException {
    Files.delete(workspace.model().resolve("weights/a.bin"));

    Invocation refused = refuses(workspace.model(), "1 missing");

    assertThat(listed(refused, "missing (1)")).containsExactly("weights/a.bin");
    assertThat(refused.err()).contains("Do not use this model");
  }

  @Test
  void refusesAnUnsignedFileAndSaysHowToAcceptIt() throws IOException {
    workspace.write("model/extra.bin", "x");

    Invocation refused = refuses("1 not signed", "--ignore-paths", "--ignore-unsigned-files");

    assertThat(listed(refused, "not signed (1)")).containsExactly("extra.bin (file)");
  }

  @Test
  void listsAllKindsOfDifferencesSorted() throws IOException {
    workspace.write("model/weights/b.bin", "BETA");
    workspace.write("model/config.json", "[]");
    Files.delete(workspace.model().resolve("weights/a.bin"));
    workspace.write("model/z", "x");
    workspace.write("model/weights.txt", "x");
    workspace.write("model/weights/zz", "x");

    Invocation refused = refuses("2 changed, 1 missing, 3 not signed");

    assertThat(listed(refused, "changed (2)"))
        .extracting(line -> line.replaceAll(": .*", ""))
        .containsExactly("config.json", "weights/b.bin");
    assertThat(listed(refused, "missing (1)")).containsExactly("weights/a.bin");
    assertThat(listed(refused, "not signed (3)"))
        .containsExactly("weights.txt (file)", "weights/zz (file)", "z (file)");
  }

  @Test
  void listsTheFirstTwentyMissingFilesAndTheirNumber() throws IOException {
    for (int i = 10; i < 35; i++) {
      workspace.write("model/many/" + i, "x");
    }
    workspace.sign().assertSucceeded();
    for (int i = 10; i < 35; i++) {
      Files.delete(workspace.model().resolve("many/" + i));
    }

    List<String> missing = listed(refuses("25 missing"), "missing (25)");

    assertThat(missing)
        .hasSize(21)
        .startsWith("many/10", "many/11")
        .endsWith("many/29", "... and 5 more; --all shows them");
  }

  @Test
  void listsTheFirstTwentyUnsignedFilesAndTheirNumber() throws IOException {
    for (int i = 10; i < 35; i++) {
      workspace.write("model/many/" + i, "x");
    }

    List<String> extra = listed(refuses("25 not signed"), "not signed (25)");

    assertThat(extra)
        .hasSize(21)
        .startsWith("many/10 (file)")
        .endsWith("... and 5 more; --all shows them");
  }

  @Test
  void listsTheFirstTwentyChangedFilesAndTheirNumber() throws IOException {
    for (int i = 10; i < 35; i++) {
      workspace.write("model/many/" + i, "x");
    }
    workspace.sign().assertSucceeded();
    for (int i = 10; i < 35; i++) {
      workspace.write("model/many/" + i, "y");
    }

    List<String> changed = listed(refuses("25 changed"), "changed (25)");

    assertThat(changed).hasSize(21).endsWith("... and 5 more; --all shows them");
    assertThat(changed.get(19)).startsWith("many/29: ");
  }

  @Test
  void listsTwentyUnsignedFilesInFull() throws IOException {
    for (int i = 10; i < 30; i++) {
      workspace.write("model/many/" + i, "x");
    }

    assertThat(listed(refuses("20 not signed"), "not signed (20)"))
        .hasSize(20)
        .endsWith("many/29 (file)");
  }

  @Test
  void escapesControlCharactersInNames() throws IOException {
    workspace.write("model/\u001b[2Jclear\r\nVerification succeeded", "x");

    assertThat(listed(refuses("1 not signed"), "not signed (1)"))
        .containsExactly("\\u001b[2Jclear\\u000d\\u000aVerification succeeded (file)");
  }

  @Test
  void refusesAMissingModelAndNamesIt() {
    Path missing = workspace.path("missing");

    workspace
        .verifyModel(missing)
        .assertFailed(VERIFICATION_FAILED, missing + ": no such file or directory");
  }

  @Test
  void refusesAFileInPlaceOfTheModelDirectory() {
    Path file = workspace.publicKey();

    Invocation refused =
        workspace.verifyModel(file).assertFailed(VERIFICATION_FAILED, file, "3 missing");

    assertThat(listed(refused, "missing (3)")).contains("config.json");
  }

  @Test
  void refusesAModelThatIsItselfALink() throws IOException {
    Path link = workspace.link("link", "model");

    workspace.verifyModel(link).assertFailed(VERIFICATION_FAILED, link, "symbolic link");
  }

  @Test
  void refusesAFileThatBecameALink() throws IOException {
    Files.move(workspace.model().resolve("config.json"), workspace.path("config.json"));
    workspace.link("model/config.json", "../config.json");

    assertThat(listed(refuses("1 changed"), "changed (1)"))
        .containsExactly("config.json: expected file, found symbolic link");
  }

  @Test
  void refusesADirectoryThatBecameALink() throws IOException {
    Files.move(workspace.model().resolve("weights"), workspace.path("weights"));
    workspace.link("model/weights", "../weights");

    Invocation refused = refuses("2 missing, 1 not signed");

    assertThat(listed(refused, "not signed (1)"))
        .containsExactly("weights (symbolic link to a directory)");
  }

  @Test
  void refusesALinkThatTheSignerAllowedOnRequest() throws IOException {
    workspace.link("model/link.json", "config.json");
    workspace.sign("--allow-symlinks").assertSucceeded();

    workspace
        .verify("--no-allow-symlinks")
        .assertFailed(VERIFICATION_FAILED, "1 changed", "link.json: expected file, found symbolic");
  }

  @Test
  void refusesAnUnsignedDanglingLink() throws IOException {
    workspace.link("model/link", "nowhere");

    assertThat(listed(refuses("1 not signed"), "not signed (1)"))
        .singleElement()
        .asString()
        .matches("link \\(.*link\\)");
  }

  @Test
  void refusesAnUnsignedFifoWithoutOpeningIt() throws Exception {
    workspace.fifo("model/fifo");

    assertThat(listed(refuses("1 not signed"), "not signed (1)"))
        .containsExactly("fifo (special file)");
  }

  @Test
  void refusesAFileThatBecameAFifoWithoutOpeningIt() throws Exception {
    Files.delete(workspace.model().resolve("config.json"));
    workspace.fifo("model/config.json");

    assertThat(listed(refuses("1 changed"), "changed (1)"))
        .containsExactly("config.json: expected file, found special file");
  }

  @Test
  void refusesAnUnsignedNameThatIsNotUtf8() throws Exception {
    workspace.writeFileNamed("model", "bad\\377name");

    assertThat(listed(refuses("1 not signed"), "not signed (1)"))
        .singleElement()
        .asString()
        .startsWith("bad")
        .endsWith("name (entry whose name is not UTF-8)");
  }

  @Test
  void refusesAListedFileThatMayNotBeReadAndNamesIt() throws IOException {
    Path file = workspace.model().resolve("config.json");
    workspace.forbid(file);

    refuses(file + ": permission denied");
  }

  @Test
  void verifiesListedFilesWhateverThePathToIgnore() throws IOException {
    workspace.write("model/config.json", "[]");

    Invocation refused =
        workspace.verify("--ignore-paths", workspace.model().resolve("config.json"));

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.errorLines())
        .startsWith(
            "warning: --ignore-paths 'config.json' has no effect on what is signed, such as"
                + " 'config.json'");
    assertThat(refused.errorLines().get(1)).startsWith(VERIFICATION_FAILED + ": ");
    assertThat(refused.err()).contains("1 changed", "config.json: expected");
  }

  @Test
  void verifiesListedFilesAlsoWhenUnsignedOnesDoNotMatter() throws IOException {
    workspace.write("model/config.json", "[]");
    workspace.write("model/extra", "x");

    Invocation refused =
        workspace
            .verify("--ignore-unsigned-files")
            .assertFailed(VERIFICATION_FAILED, "1 changed", "config.json: expected");

    assertThat(refused.err()).doesNotContain("extra");
  }

  @Test
  void canBeToldOnceMoreToRefuseUnsignedFiles() throws IOException {
    workspace.write("model/extra", "x");

    workspace
        .verify("--no-ignore-unsigned-files")
        .assertFailed(VERIFICATION_FAILED, "1 not signed");
  }

  @Test
  void refusesGitPathsOnRequest() throws IOException {
    // The signer must not have left them out either.
    workspace.sign("--no-ignore-git-paths").assertSucceeded();
    workspace.write("model/.git/HEAD", "ref");

    workspace
        .verify("--no-ignore-git-paths")
        .assertFailed(VERIFICATION_FAILED, "1 not signed", ".git/HEAD (file)");
  }

  // Strict

  @Test
  void refusesGitPathsWhenStrict() throws IOException {
    workspace.write("model/.gitignore", "*");

    workspace
        .verify("--strict")
        .assertFailed(VERIFICATION_FAILED, "1 not signed", ".gitignore (file)");
  }

  @Test
  void refusesWhatTheSignerLeftOutWhenStrict() throws IOException {
    Path file = workspace.write("model/cache/x", "x");
    workspace.sign("--ignore-paths", file.getParent()).assertSucceeded();

    workspace
        .verify("--strict")
        .assertFailed(VERIFICATION_FAILED, "1 not signed", "cache/x (file)");
  }

  @Test
  void refusesEmptyFilesUnderShardsWhenStrict() throws IOException {
    workspace.write("model/empty", "");
    workspace.sign("--shard-size", "100").assertSucceeded();
    workspace.verify().assertSucceeded();

    workspace.verify("--strict").assertFailed(VERIFICATION_FAILED, "empty (file)");
  }

  // Keys

  @Test
  void refusesAnotherKeyAndNamesBothFingerprints() throws IOException {
    Path other = workspace.path("other.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, workspace.path("other.pem"), other);

    Invocation refused = refusesKey(other, "signed with another key");

    Matcher fingerprints = Pattern.compile("[0-9a-f]{64}").matcher(refused.err());
    assertThat(fingerprints.results().map(match -> match.group()).distinct()).hasSize(2);
  }

  @Test
  void refusesAPrivateKeyAndWarnsOfHandingItOut() {
    refusesKey(
        workspace.privateKey(),
        workspace.privateKey() + ": holds a private key, expected a public key",
        "never hand a private key");
  }

  @Test
  void refusesAnEncryptedPrivateKey() throws Exception {
    Path file =
        PemFiles.writePkcs8(workspace.path("encrypted.pem"), PemFiles.ec("secp256r1"), "pw");

    refusesKey(file, file + ": holds a private key");
  }

  @Test
  void refusesACertificate() throws Exception {
    Path file = PemFiles.writeCertificate(workspace.path("cert.pem"), PemFiles.ec("secp256r1"));

    refusesKey(file, file + ": holds a certificate, expected a public key");
  }

  @Test
  void refusesAnRsaKey() throws Exception {
    Path file = PemFiles.writePublic(workspace.path("rsa.pub"), PemFiles.rsa());

    refusesKey(file, file + ": ", "RSA", "P-256, P-384", "P-521");
  }

  @Test
  void refusesAKeyOnAnotherCurveAndNamesTheCurve() throws Exception {
    Path file = PemFiles.writePublic(workspace.path("k1.pub"), PemFiles.ec("secp256k1"));

    refusesKey(file, file + ": ", "secp256k1", "P-256, P-384", "P-521");
  }

  @Test
  void refusesAMissingKeyAndNamesIt() {
    Path missing = workspace.path("missing.pub");

    refusesKey(missing, missing + ": no such file or directory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "\u0000\u0001",
        "-----BEGIN PUBLIC KEY-----\nMFkw",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\n*!*\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n"
      })
  void refusesGarbageForAKeyAndNamesTheFile(String content) throws IOException {
    Path file = workspace.write("garbage.pub", content);

    refusesKey(file, file + ": ");
  }

  @Test
  void refusesAFileWithMoreThanPublicKeys() throws IOException {
    String pem = Files.readString(workspace.publicKey());
    Path file = workspace.write("two.pub", pem + pem);
    workspace.verifyWith(file).assertSucceeded();

    Path more = workspace.write("more.pub", pem + Files.readString(workspace.privateKey()));
    refusesKey(more, more + ": ", "private key");
  }

  // Signatures

  private void rewriteSignature(String before, String after) throws IOException {
    String text = Files.readString(workspace.signature());
    assertThat(text).contains(before);
    Files.writeString(workspace.signature(), text.replace(before, after));
  }

  private String field(String name) throws IOException {
    Matcher matcher =
        Pattern.compile("\"" + name + "\":\"([^\"]*)\"")
            .matcher(Files.readString(workspace.signature()));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  @Test
  void refusesAMissingSignatureAndNamesIt() throws IOException {
    Files.delete(workspace.signature());

    refuses(workspace.signature() + ": no such file or directory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "{\"mediaType\":",
        "{}",
        "[]",
        "\u0000",
        "{\"mediaType\":\"application/json\"}"
      })
  void refusesGarbageForASignatureAndNamesTheFile(String content) throws IOException {
    Files.writeString(workspace.signature(), content);

    workspace.verify().assertFailed(VERIFICATION_FAILED, workspace.signature() + ": ");
    Invocation.of("inspect", workspace.signature())
        .assertFailed("Inspection failed with error", workspace.signature() + ": ");
  }

  @Test
  void refusesATruncatedSignatureAndNamesTheFile() throws IOException {
    String whole = Files.readString(workspace.signature());
    Files.writeString(workspace.signature(), whole.substring(0, whole.length() / 2));

    workspace.verify().assertFailed(VERIFICATION_FAILED, workspace.signature() + ": ");
  }

  @Test
  void refusesASignatureFileThatIsNestedTooDeeply() throws IOException {
    Files.writeString(
        workspace.signature(),
        "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\","
            + "\"verificationMaterial\":{\"tlogEntries\":"
            + "[".repeat(200_000));

    refuses(workspace.signature() + ": ", "nested deeper than 64");
  }

  @Test
  void refusesADirectoryForASignatureAndNamesIt() {
    workspace
        .verifyBy(workspace.model())
        .assertFailed(VERIFICATION_FAILED, workspace.model() + ": ");
  }

  @Test
  void refusesAFifoForASignatureWithoutWaitingForIt() throws Exception {
    Path fifo = workspace.fifo("fifo");

    workspace.verifyBy(fifo).assertFailed(VERIFICATION_FAILED, fifo + ": is not a regular file");
  }

  @Test
  void refusesAPayloadThatWasChanged() throws IOException {
    String payload = field("payload");
    String statement = new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8);
    String forged = statement.replace("config.json", "forged.json");
    assertThat(forged).isNotEqualTo(statement);
    rewriteSignature(
        payload, Base64.getEncoder().encodeToString(forged.getBytes(StandardCharsets.UTF_8)));

    refuses("the signature does not verify with this key over this payload");
  }

  @Test
  void refusesASignatureOverAnotherModel() throws IOException {
    String ours = field("sig");
    workspace.write("model/config.json", "[]");
    workspace.sign().assertSucceeded();
    rewriteSignature(field("sig"), ours);

    refuses("the signature does not verify with this key over this payload");
  }

  @Test
  void refusesSignatureBytesThatAreNone() throws IOException {
    rewriteSignature(field("sig"), "AAAA");

    refuses("signature");
  }

  @Test
  void escapesControlCharactersOfTheSignatureFile() throws IOException {
    rewriteSignature(field("hint"), "\\u001b[31m");

    refuses("signed with another key", "\\u001b[31m");
  }
}
