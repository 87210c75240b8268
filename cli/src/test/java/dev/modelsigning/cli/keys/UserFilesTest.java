package dev.modelsigning.cli.keys;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.PemFiles;
import dev.modelsigning.testing.Fifos;
import dev.modelsigning.testing.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files from users: as written by editors and shells, concatenated, and of wrong kinds. */
@Timeout(120)
class UserFilesTest {

  private static final String PASSWORD = "correct horse battery staple";

  @TempDir private Path directory;

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate middle = root.authority("CN=Issuing");
  private final TestCertificate leaf = middle.signer("CN=Signer");

  private Workspace workspace;
  private Path encrypted;
  private Path encryptedPublic;
  private Path key;
  private Path certificate;
  private Path trusted;

  @BeforeEach
  void writeFiles() throws Exception {
    workspace = Workspace.in(directory);
    KeyPair pair = PemFiles.ec("secp256r1");
    encrypted = PemFiles.writePkcs8(workspace.path("encrypted.pem"), pair, PASSWORD);
    encryptedPublic = PemFiles.writePublic(workspace.path("encrypted.pub"), pair);
    key = leaf.writeKey(workspace.path("leaf.pem"));
    certificate = TestCertificate.write(workspace.path("leaf.crt"), leaf, middle);
    trusted = TestCertificate.write(workspace.path("root.crt"), root);
  }

  private Invocation signCertificate(Path signing, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "sign",
                "certificate",
                workspace.model(),
                "--signature",
                workspace.signature(),
                "--private-key",
                key,
                "--signing-certificate",
                signing));
    args.addAll(List.of(more));
    return Invocation.of(args.toArray());
  }

  private Invocation verifyCertificate(Path chain, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "verify",
                "certificate",
                workspace.model(),
                "--signature",
                workspace.signature(),
                "--certificate-chain",
                chain));
    args.addAll(List.of(more));
    return Invocation.of(args.toArray());
  }

  private Path marked(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    byte[] marked = new byte[content.length + 3];
    System.arraycopy(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, 0, marked, 0, 3);
    System.arraycopy(content, 0, marked, 3, content.length);
    return Files.write(workspace.path("marked-" + file.getFileName()), marked);
  }

  /** Files joined by a program that does not care for line feeds. */
  private Path glued(Path... files) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path file : files) {
      String content = Files.readString(file);
      text.append(content.substring(content.indexOf("-----BEGIN")).stripTrailing());
    }
    return workspace.write("glued-" + files[0].getFileName(), text.toString());
  }

  @Test
  void readsEveryFileThatBeginsWithAByteOrderMark() throws Exception {
    workspace.signWith(marked(workspace.privateKey())).assertSucceeded();
    workspace.verifyWith(marked(workspace.publicKey())).assertSucceeded();
    Path password = marked(workspace.write("password", PASSWORD + "\r\n"));
    workspace.signWith(marked(encrypted), "--password-file", password).assertSucceeded();
    workspace.verifyWith(marked(encryptedPublic)).assertSucceeded();
    signCertificate(marked(certificate)).assertSucceeded();
    verifyCertificate(marked(trusted)).assertSucceeded();
  }

  @Test
  void namesFilesInUtf16() throws Exception {
    Path password =
        Files.write(
            workspace.path("password"), ('\ufeff' + PASSWORD).getBytes(StandardCharsets.UTF_16LE));
    workspace
        .signWith(encrypted, "--password-file", password)
        .assertFailed(SIGNING_FAILED, password + ": begins with a byte order mark of UTF-16");
    byte[] utf16 = ('\ufeff' + Files.readString(trusted)).getBytes(StandardCharsets.UTF_16LE);
    signCertificate(certificate).assertSucceeded();
    Path chain = Files.write(workspace.path("chain"), utf16);
    verifyCertificate(chain)
        .assertFailed(VERIFICATION_FAILED, chain + ": begins with a byte order mark of UTF-16");
    // As when a shell of Windows appends to a file.
    Path appended = workspace.write("appended", Files.readString(trusted));
    Files.write(
        appended,
        Files.readString(trusted).getBytes(StandardCharsets.UTF_16LE),
        java.nio.file.StandardOpenOption.APPEND);
    verifyCertificate(appended).assertFailed(VERIFICATION_FAILED, appended + ": line ", "UTF-16");
  }

  @Test
  void readsCertificatesThatWereJoinedWithoutALineFeed() throws Exception {
    Path other =
        TestCertificate.write(workspace.path("other.crt"), TestCertificate.root("CN=Other"));
    Path alone = TestCertificate.write(workspace.path("alone.crt"), leaf);
    Path issuing = TestCertificate.write(workspace.path("issuing.crt"), middle);
    signCertificate(glued(alone, issuing)).assertSucceeded();
    verifyCertificate(glued(other, trusted)).assertSucceeded();
  }

  @ParameterizedTest
  @ValueSource(strings = {"glued", "indented", "marked", "one line", "old Macintosh"})
  void findsTheRevokedSignerInListsHoweverTheyWereJoined(String how) throws Exception {
    signCertificate(certificate).assertSucceeded();
    Path first = TestCertificate.write(workspace.path("root.crl"), root.revoking());
    Path second = TestCertificate.write(workspace.path("issuing.crl"), middle.revoking(leaf));
    String text = Files.readString(glued(first, second));
    String separate = Files.readString(first) + Files.readString(second);
    Path lists =
        workspace.write(
            "lists.crl",
            switch (how) {
              case "glued" -> text;
              case "indented" -> separate.replaceAll("(?m)^", " \t\u00a0");
              case "marked" -> Files.readString(first) + '\ufeff' + Files.readString(second);
              case "one line" -> separate.replace("\n", " ");
              default -> separate.replace('\n', '\r');
            });
    verifyCertificate(trusted, "--crl", lists, "--revocation-soft-fail")
        .assertFailed(VERIFICATION_FAILED, "'CN=Signer' was revoked");
  }

  @Test
  void refusesListsOfWhichOneIsLost() throws Exception {
    signCertificate(certificate).assertSucceeded();
    Path good = TestCertificate.write(workspace.path("root.crl"), root.revoking());
    Path revoking = TestCertificate.write(workspace.path("issuing.crl"), middle.revoking(leaf));
    String lost = Files.readString(revoking);
    byte[] der = middle.revoking(leaf).getEncoded();
    List<String> damaged =
        List.of(
            lost.replace("-----BEGIN", "----BEGIN"),
            lost.replace("-----BEGIN X509 CRL", "-----begin x509 crl"),
            lost.replace("X509 CRL-----", "X509 CRL -----"),
            lost.replace("X509 CRL", "CRL"),
            lost.replace("-----", "\u2014\u2014"),
            lost.substring(0, lost.indexOf("-----END")),
            lost.replace("\n-----END", "AAAA\n-----END"),
            new String(der, StandardCharsets.ISO_8859_1),
            Files.readString(trusted));
    for (String text : damaged) {
      Path lists = workspace.write("lists.crl", Files.readString(good) + text);
      verifyCertificate(trusted, "--crl", lists, "--revocation-soft-fail")
          .assertFailed(VERIFICATION_FAILED, lists + ": line ");
    }
    Path two = workspace.path("two.der");
    byte[] first = root.revoking().getEncoded();
    byte[] both = Arrays.copyOf(first, first.length + der.length);
    System.arraycopy(der, 0, both, first.length, der.length);
    Files.write(two, both);
    verifyCertificate(trusted, "--crl", two, "--revocation-soft-fail")
        .assertFailed(VERIFICATION_FAILED, two + ": ", "nothing after it");
  }

  @Test
  void refusesBlocksThatAnOptionDoesNotRead() throws Exception {
    Path combined =
        workspace.write("combined.pem", Files.readString(key) + Files.readString(certificate));
    signCertificate(combined)
        .assertFailed(SIGNING_FAILED, combined + ": line 1: holds a private key");
    Path publicAndMore =
        workspace.write(
            "more.pub", Files.readString(workspace.publicKey()) + Files.readString(trusted));
    workspace.sign().assertSucceeded();
    workspace
        .verifyWith(publicAndMore)
        .assertFailed(VERIFICATION_FAILED, publicAndMore + ": line ", "holds a certificate");
    Path request =
        workspace.write(
            "request.pem",
            Files.readString(trusted).replace(" CERTIFICATE", " NEW CERTIFICATE REQUEST"));
    verifyCertificate(request)
        .assertFailed(VERIFICATION_FAILED, request + ": line 2: holds a block 'NEW CERTIFICATE");
    Path pkcs7 =
        workspace.write("all.p7b", Files.readString(trusted).replace(" CERTIFICATE", " PKCS7"));
    verifyCertificate(pkcs7).assertFailed(VERIFICATION_FAILED, "openssl pkcs7 -print_certs");
  }

  @ParameterizedTest
  @CsvSource({"BggqhkjOPQMBBw==,true", "BgUrgQQAIg==,false"})
  void readsTheParametersThatOpensslWritesBeforeAKey(String curve, boolean same) throws Exception {
    Path parameters =
        workspace.write(
            "parameters.pem",
            "-----BEGIN EC PARAMETERS-----\n"
                + curve
                + "\n-----END EC PARAMETERS-----\n"
                + Files.readString(workspace.privateKey()));
    if (same) {
      workspace.signWith(parameters).assertSucceeded();
    } else {
      workspace
          .signWith(parameters)
          .assertFailed(SIGNING_FAILED, parameters + ": line 1: ", "of another curve than the key");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/zero", "/dev/urandom"})
  @EnabledOnOs(OS.LINUX)
  void endsWhateverOptionGetsADeviceWithoutEnd(String name) throws Exception {
    Path device = Path.of(name);
    signCertificate(certificate).assertSucceeded();
    workspace
        .signWith(encrypted, "--password-file", device)
        .assertFailed(SIGNING_FAILED, device + ": is larger than 65536 bytes");
    workspace.signWith(device).assertFailed(SIGNING_FAILED, device + ": is larger than");
    workspace.verifyWith(device).assertFailed(VERIFICATION_FAILED, device + ": is larger than");
    signCertificate(device).assertFailed(SIGNING_FAILED, device + ": is larger than");
    signCertificate(certificate, "--certificate-chain", device)
        .assertFailed(SIGNING_FAILED, device + ": is larger than");
    for (String option : List.of("--certificate-chain", "--crl", "--tsa-certificate-chain")) {
      verifyCertificate(trusted, option, device)
          .assertFailed(VERIFICATION_FAILED, device + ": is larger than");
    }
    workspace.verifyBy(device).assertFailed(VERIFICATION_FAILED, device + ": is not a regular");
    for (String option : List.of("--trusted-root", "--trust-config")) {
      Invocation.of(
              "verify",
              "sigstore",
              workspace.model(),
              "--signature",
              workspace.signature(),
              "--identity",
              "a@b.example",
              "--identity-provider",
              "https://b.example",
              option,
              device)
          .assertFailed(VERIFICATION_FAILED, device + ": is larger than");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void readsPasswordsAndKeysFromPipes() throws Exception {
    Path password = Fifos.make(workspace.path("password-fifo"));
    Path secret = Fifos.make(workspace.path("key-fifo"));
    Fifos.write(password, (PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
    Fifos.write(secret, Files.readAllBytes(encrypted));
    workspace.signWith(secret, "--password-file", password).assertSucceeded();
    assertThat(workspace.signature()).isRegularFile();
  }
}
