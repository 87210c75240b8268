package dev.modelsigning.cli.interop.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.interop.attestation.WithCosign;
import dev.modelsigning.cli.testing.DocumentModel;
import dev.modelsigning.cli.testing.DocumentedCommands;
import dev.modelsigning.testing.OciTools;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.WithOciPeers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The commands of {@code docs/registries.md}, with real registries and the clients of others. */
@WithOciPeers
@WithCosign
@OnOneJdk
class RegistriesDocumentIT {

  /** The registry of the page. */
  private static final String SHOWN = "127.0.0.1:5000";

  @TempDir private Path directory;
  @TempDir private Path place;

  @ParameterizedTest
  @EnumSource
  void runsThePage(RegistryServer.Kind kind) throws Exception {
    DocumentModel.write(directory);
    DocumentModel.writeKeys(directory);
    Files.writeString(directory.resolve("checks.json"), "{\"checked\": true}\n");
    String others =
        """
        oras() { "$ORAS" "$@"; }
        cosign() { HOME="$PLACE" "$COSIGN" "$@"; }
        """;
    DocumentedCommands page =
        new DocumentedCommands(
            "registries.md",
            directory,
            others,
            Map.of(
                "ORAS", OciTools.program("oras").toString(),
                "COSIGN", OciTools.cosignProgram().toAbsolutePath().toString(),
                "PLACE", place.toString()));
    try (RegistryServer server =
        kind == RegistryServer.Kind.DISTRIBUTION
            ? RegistryServer.distribution(place)
            : RegistryServer.inMemory(place)) {
      page.runAll(line -> line.replace(SHOWN, server.address()));
    }
    assertThat(directory.resolve("pulled/weights.bin"))
        .hasSameTextualContentAs(directory.resolve("my-model/weights.bin"));
  }
}
