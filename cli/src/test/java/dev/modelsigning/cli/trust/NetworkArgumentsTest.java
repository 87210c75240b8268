package dev.modelsigning.cli.trust;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static dev.modelsigning.testing.TestHttpServer.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.vectors.VectorSet;
import dev.sigstore.tuf.SigstoreTufClient;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The TLS trust anchors and the TUF repository, as given by users. */
@Timeout(120)
class NetworkArgumentsTest {

  private static final TestCertificate AUTHORITY = TestCertificate.root("CN=Company Root");

  @TempDir private Path directory;

  private Workspace workspace;
  private Path authorities;
  private Path root;

  @BeforeEach
  void makeFiles() throws Exception {
    workspace = Workspace.in(directory);
    workspace.sign();
    authorities = TestCertificate.write(directory.resolve("ca.pem"), AUTHORITY);
    root = directory.resolve("root.json");
    String resource = SigstoreTufClient.PUBLIC_GOOD_ROOT_RESOURCE;
    try (InputStream in = SigstoreTufClient.class.getClassLoader().getResourceAsStream(resource)) {
      Files.write(root, in.readAllBytes());
    }
  }

  private static TestHttpServer server(int status) throws Exception {
    TestCertificate certificate =
        TestCertificate.named("CN=server")
            .purposes(false, KeyPurposeId.id_kp_serverAuth)
            .names(GeneralName.dNSName, "localhost")
            .issuedBy(AUTHORITY);
    return TestHttpServer.tls(certificate, answering(status, "nothing"));
  }

  private static String address(TestHttpServer server) {
    return "https://localhost:" + server.port();
  }

  private static Object[] with(Object[] options, Object... more) {
    List<Object> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(more));
    return all.toArray();
  }

  private Invocation stamp(TestHttpServer server, Object... options) {
    return workspace.signTo(
        directory.resolve("stamped.sig"), with(options, "--tsa-url", address(server)));
  }

  @Test
  void trustsTheAuthoritiesOfAFileForTlsWithATimeStampingAuthority() throws Exception {
    try (TestHttpServer server = server(200)) {
      stamp(server).assertFailed(SIGNING_FAILED, "is not trusted", "--ca-file");
      assertThat(server.requests()).isEmpty();
      stamp(server, "--ca-file", authorities).assertFailed(SIGNING_FAILED, address(server));
      assertThat(server.requests()).isNotEmpty();
      int asked = server.requests().size();
      stamp(server).assertFailed(SIGNING_FAILED, "is not trusted");
      assertThat(server.requests()).hasSize(asked);
    }
  }

  private Invocation verify(Object... options) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "verify",
                "sigstore",
                workspace.model(),
                "--signature",
                // No service is contacted for a bundle of another method.
                VectorSet.root().resolve("sigstore/rekor-1.sigstore.json"),
                "--identity",
                "signer@example.com",
                "--identity-provider",
                "https://issuer.example"));
    arguments.addAll(List.of(options));
    return Invocation.of(arguments.toArray());
  }

  @Test
  void asksTheRepositoryThatIsNamed() throws Exception {
    try (TestHttpServer server = server(404)) {
      Object[] repository = {"--trust-repository", address(server), "--trust-root", root};
      verify(repository).assertFailed(VERIFICATION_FAILED, "is not trusted", "--ca-file");
      verify(with(repository, "--ca-file", authorities))
          .assertFailed(VERIFICATION_FAILED, address(server));
      assertThat(server.requests()).extracting("line").asString().contains(".root.json");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--trust-repository https://tuf.example",
        "--trust-root root.json",
        "--trust-repository https://tuf.example --trust-root root.json --use-staging",
        "--trust-repository https://tuf.example --trust-root root.json --trust-config c.json",
        "--trust-repository https://tuf.example --trust-root root.json --trusted-root t.json",
        "--trust-repository ftp://tuf.example --trust-root root.json",
        "--trust-repository https://me:secret@tuf.example --trust-root root.json",
        "--trust-repository tuf.example --trust-root root.json"
      })
  void refusesWhatDoesNotFitTogether(String options) {
    Invocation refused = verify((Object[]) options.split(" "));
    refused.assertUsage("--trust");
    assertThat(refused.err()).doesNotContain("secret");
  }

  @Test
  void refusesAuthoritiesWhereNobodyIsAsked() {
    workspace
        .signTo(directory.resolve("s.sig"), "--ca-file", authorities)
        .assertUsage("--ca-file needs --tsa-url");
    Invocation.of(
            "verify",
            "certificate",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--ca-file",
            authorities)
        .assertUsage("--ca-file needs --revocation-check");
  }

  @Test
  void saysThatAFileHoldsNoAuthority() throws Exception {
    Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing");
    verify("--ca-file", empty).assertFailed(VERIFICATION_FAILED, empty + ": ");
    verify("--ca-file", directory.resolve("none.pem"))
        .assertFailed(VERIFICATION_FAILED, "none.pem");
  }
}
