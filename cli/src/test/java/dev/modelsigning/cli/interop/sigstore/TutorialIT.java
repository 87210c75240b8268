package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.DocumentModel;
import dev.modelsigning.cli.testing.DocumentedCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of the tutorial and of {@code docs/keyless.md}, at a real Sigstore. */
@WithSigstoreStack
class TutorialIT {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final String GOOGLE = "https://accounts.google.com";

  /** Where the pages were written; it may have other ports today. */
  private static final String PROVIDER = "http://localhost:21100";

  @TempDir private Path directory;

  private static String provider() {
    return SigstoreStack.address("OIDC_URL").toString();
  }

  private static String atThisProvider(String script) {
    return script.replace(PROVIDER, provider());
  }

  /** The current directory looks like a checkout. */
  private DocumentedCommands tutorial(String page) throws Exception {
    Files.createSymbolicLink(
        directory.resolve("integration"), ROOT.resolve("integration").toAbsolutePath());
    Files.createDirectory(directory.resolve(".cache"));
    Files.createSymbolicLink(
        directory.resolve(".cache/sigstore"), SigstoreStack.directory().toAbsolutePath());
    return new DocumentedCommands(page, directory);
  }

  private DocumentedCommands keyless(String page) throws Exception {
    DocumentModel.write(directory);
    Files.copy(SigstoreStack.file("trust_config.json"), directory.resolve("trust_config.json"));
    Files.copy(SigstoreStack.file("trusted_root.json"), directory.resolve("trusted_root.json"));
    DocumentedCommands commands = new DocumentedCommands(page, directory);
    commands.run(
        "'%s' '%s' --identity you@example.com > token.jwt"
            .formatted(
                ROOT.resolve("integration/sigstore/token").toAbsolutePath(),
                SigstoreStack.directory().toAbsolutePath()));
    return commands;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tutorial.md", "tutorial.zh-TW.md"})
  void tellsWhatHappens(String page) throws Exception {
    tutorial(page).runAll(TutorialIT::atThisProvider);
  }

  @Test
  void signsKeyless() throws Exception {
    keyless("keyless.md").runAll(TutorialIT::atThisProvider);
  }

  /** The commands for the public instance are the same but for whom to trust, and the provider. */
  @Test
  void hasTheSameCommandsForThePublicInstance() throws Exception {
    String functions =
        """
        export SIGSTORE_ID_TOKEN=$(cat token.jwt)
        model-signing() { "$JAVA" -jar "$JAR" "$@" --trust-config trust_config.json; }
        """;
    String sign = "model-signing sign my-model\n";
    String verify =
        """
        model-signing verify my-model --signature model.sig \\
            --identity you@example.com --identity-provider https://accounts.google.com
        """;
    for (String page : List.of("README.md", "docs/keyless.md", "docs/tutorial.md")) {
      assertThat(DocumentModel.read(page)).contains(sign).contains(verify);
    }
    DocumentedCommands readme = keyless("../README.md");
    String script = functions + readme.block("keyless").replace(GOOGLE, provider());
    assertThat(script).contains(sign);
    assertThat(readme.run(script)).contains("Signing succeeded").contains("Verification succeeded");
  }
}
