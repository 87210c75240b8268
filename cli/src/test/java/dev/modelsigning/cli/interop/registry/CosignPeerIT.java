package dev.modelsigning.cli.interop.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.interop.attestation.WithCosign;
import dev.modelsigning.testing.OciTools;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.WithOciPeers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What cosign signs in registries, and what it takes for a signature. */
@WithOciPeers
@WithCosign
@OnOneJdk
class CosignPeerIT {

  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  private static final String[] NO_SERVICE = {"--use-signing-config=false", "--tlog-upload=false"};

  @TempDir private static Path place;
  private static Map<Kind, RegistryServer> servers;
  private static OciTools tools;

  @BeforeAll
  static void start() throws Exception {
    servers = RegistryServer.both(place);
    tools = OciTools.at(place.resolve("home"), servers.values());
    tools.cosign(place, "generate-key-pair").succeeds();
    Files.writeString(place.resolve("config.json"), "{}");
  }

  @AfterAll
  static void end() {
    servers.values().forEach(RegistryServer::close);
  }

  private static OciTools.Ended signing(String command, String subject, String... options)
      throws Exception {
    String[] arguments = new String[options.length + NO_SERVICE.length + 5];
    arguments[0] = command;
    arguments[1] = "--key";
    arguments[2] = "cosign.key";
    arguments[3] = "--yes";
    System.arraycopy(NO_SERVICE, 0, arguments, 4, NO_SERVICE.length);
    System.arraycopy(options, 0, arguments, 4 + NO_SERVICE.length, options.length);
    arguments[arguments.length - 1] = subject;
    return tools.cosign(place, arguments);
  }

  private static OciTools.Ended verify(String reference) throws Exception {
    return tools.cosign(
        place, "verify", "--key", "cosign.pub", "--insecure-ignore-tlog", reference);
  }

  private static String push(RegistryServer server, String name) throws Exception {
    String reference = server.reference("ml/" + name);
    tools.oras(place, "push", reference + ":1", "config.json").succeeds();
    return reference + "@" + tools.crane("digest", reference + ":1").succeeds();
  }

  @ParameterizedTest
  @EnumSource
  void whatItSignsIsAReferrerThatOthersFind(Kind kind) throws Exception {
    RegistryServer server = servers.get(kind);
    String subject = push(server, "signed");
    verify(subject).fails("no signatures found");

    signing("sign", subject).succeeds();

    assertThat(verify(subject).succeeds()).contains("\"https://sigstore.dev/cosign/sign/v1\"");
    assertThat(tools.cosign(place, "tree", subject).succeeds())
        .contains("https://sigstore.dev/cosign/sign/v1 artifacts via OCI referrer");
    String type = server.hasReferrersApi() ? "application/vnd.oci.empty.v1+json" : BUNDLE;
    assertThat(tools.oras(place, "discover", "--format", "json", subject).succeeds())
        .contains("\"artifactType\": \"" + type + "\"");
    // Unlike the others it writes the tag only where there is no API.
    assertThat(tools.crane("ls", server.reference("ml/signed")).succeeds().lines())
        .hasSize(server.hasReferrersApi() ? 1 : 2);
  }

  /** Whoever signs claims about a manifest should know that. */
  @ParameterizedTest
  @EnumSource
  void itTakesEachClaimAboutAManifestForItsSignature(Kind kind) throws Exception {
    String subject = push(servers.get(kind), "claimed");
    Files.writeString(place.resolve("predicate.json"), "{\"result\":\"FAILED\"}");

    signing(
            "attest",
            subject,
            "--type",
            "https://example.com/result",
            "--predicate",
            "predicate.json")
        .succeeds();

    assertThat(verify(subject).succeeds()).contains("\"type\":\"https://example.com/result\"");
  }
}
