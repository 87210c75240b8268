package dev.modelsigning.cli.interop.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.LossyRelay;
import dev.modelsigning.testing.OciTools;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.RegistryServer.Option;
import dev.modelsigning.testing.WithOciPeers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the tests with registries take for granted of the peers: that both kinds of registries and
 * all clients work here, and what they write.
 */
@WithOciPeers
@OnOneJdk
class OciPeersIT extends RegistryServers {

  /** What oras gives a plain file, although it is no archive. */
  private static final String TAR = "application/vnd.oci.image.layer.v1.tar";

  private static final Pattern LAYER = Pattern.compile("\"digest\":\"([^\"]*)\",\"size\":1000000,");

  private Path model;

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(Files.createDirectories(model.resolve("sub")).resolve("weights.bin"), "w");
  }

  private String push(RegistryServer server, String rest, String... paths) throws Exception {
    String[] arguments = new String[paths.length + 2];
    arguments[0] = "push";
    arguments[1] = server.reference(rest);
    System.arraycopy(paths, 0, arguments, 2, paths.length);
    tools.oras(model, arguments).succeeds();
    return tools.crane("digest", server.reference(rest)).succeeds();
  }

  private static String fallbackTag(String digest) {
    return digest.replace(':', '-');
  }

  @ParameterizedTest
  @EnumSource
  void orasPushesFilesAsTheyAreAndDirectoriesAsArchives(Kind kind) throws Exception {
    RegistryServer server = servers.get(kind);
    push(server, "ml/layers:1", "config.json", "sub");

    assertThat(tools.crane("ls", server.reference("ml/layers")).succeeds()).isEqualTo("1");
    assertThat(tools.crane("manifest", server.reference("ml/layers:1")).succeeds())
        // The digest of {}, which is what the file holds.
        .contains(
            "{\"mediaType\":\""
                + TAR
                + "\",\"digest\":\"sha256:44136fa355b3678a1146ad16f7e8649e"
                + "94fb4fc21fe77e8310c060f61caaff8a\",\"size\":2,\"annotations\":"
                + "{\"org.opencontainers.image.title\":\"config.json\"}}")
        .contains("\"mediaType\":\"" + TAR + "+gzip\"")
        .contains(
            "\"io.deis.oras.content.unpack\":\"true\",\"org.opencontainers.image.title\":\"sub\"");

    Path pulled = directory.resolve("pulled");
    tools.oras(directory, "pull", server.reference("ml/layers:1"), "-o", "pulled").succeeds();
    assertThat(pulled.resolve("config.json")).hasContent("{}");
    assertThat(pulled.resolve("sub/weights.bin")).hasContent("w");
  }

  @ParameterizedTest
  @EnumSource
  void whatOrasAndRegctlAttachIsFoundByBoth(Kind kind) throws Exception {
    RegistryServer server = servers.get(kind);
    String subject = push(server, "ml/attached:1", "config.json");
    String reference = server.reference("ml/attached:1");
    Files.writeString(model.resolve("claim.json"), "{}");
    tools
        .oras(
            model,
            "attach",
            "--artifact-type",
            "application/vnd.example.oras",
            reference,
            "claim.json:application/json")
        .succeeds();
    tools
        .regctl(
            model,
            "artifact",
            "put",
            "--artifact-type",
            "application/vnd.example.regctl",
            "--subject",
            reference,
            "--file",
            "config.json",
            "--file-media-type",
            "application/json")
        .succeeds();

    // As neither registry says that it knows what a subject is, both clients write the tag as well.
    String tag = fallbackTag(subject);
    assertThat(tools.crane("ls", server.reference("ml/attached")).succeeds().lines())
        .containsExactlyInAnyOrder("1", tag);
    assertThat(tools.crane("manifest", server.reference("ml/attached:" + tag)).succeeds())
        .contains("application/vnd.example.oras")
        .contains("application/vnd.example.regctl");

    // The API of the one registry gives the type of the configuration in place of theirs.
    String[] types =
        server.hasReferrersApi()
            ? new String[] {"application/vnd.oci.empty.v1+json"}
            : new String[] {"application/vnd.example.oras", "application/vnd.example.regctl"};
    String discovered = tools.oras(model, "discover", "--format", "json", reference).succeeds();
    assertThat(discovered).contains(types);
    assertThat(tools.regctl(model, "artifact", "list", reference).succeeds()).contains(types);
    assertThat(discovered.split("\"reference\"", -1)).as("the manifest and two more").hasSize(4);
  }

  @ParameterizedTest
  @EnumSource
  void clientsCanBeCountedAndCutOffOnTheirWay(Kind kind) throws Exception {
    Files.write(model.resolve("weights.bin"), new byte[1_000_000]);
    RegistryServer server = servers.get(kind);
    try (LossyRelay relay = new LossyRelay(server.address())) {
      String reference = relay.address() + "/ml/relayed:1";
      // Uploads go on where the registry says, which must be the relay's address again.
      tools.oras(model, "push", reference, "weights.bin").succeeds();
      assertThat(relay.sent()).isBetween(1_000_000L, 1_010_000L);

      long before = relay.received();
      Matcher layer = LAYER.matcher(tools.crane("manifest", reference).succeeds());
      assertThat(relay.received() - before).isBetween(500L, 5_000L);

      assertThat(layer.find()).isTrue();
      String blob = relay.address() + "/ml/relayed@" + layer.group(1);
      relay.loseAfterReceiving(500_000);
      tools.crane("blob", blob).fails("unexpected EOF");
      assertThat(tools.crane("blob", blob).succeeds()).hasSize(1_000_000);
    }
  }

  @Test
  void aRegistryWithAPasswordAnswersThoseWhoHaveIt() throws Exception {
    Path files = directory.resolve("registry");
    String digest;
    try (RegistryServer server =
        RegistryServer.distribution(files, Option.PASSWORD, Option.NO_DELETES)) {
      OciTools known = OciTools.at(directory.resolve("known"), List.of(server));
      String reference = server.reference("ml/model:1");
      known.oras(model, "push", reference, "config.json").succeeds();
      digest = known.crane("digest", reference).succeeds();

      tools.crane("digest", reference).fails("UNAUTHORIZED");
      known.crane("delete", server.reference("ml/model@" + digest)).fails("UNSUPPORTED");
    }

    // What was pushed is still there after the registry was ended and started again.
    try (RegistryServer server = RegistryServer.distribution(files)) {
      OciTools known = OciTools.at(directory.resolve("known"), List.of(server));
      assertThat(known.crane("digest", server.reference("ml/model:1")).succeeds())
          .isEqualTo(digest);
      known.crane("delete", server.reference("ml/model@" + digest)).succeeds();
      known.crane("digest", server.reference("ml/model:1")).fails("MANIFEST_UNKNOWN");
    }
  }
}
