package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Commands.Entry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour is listed only where it can be run. */
class CheckoutTest {

  @TempDir private Path directory;

  @Test
  void knowsTheBuildOfACheckout() throws Exception {
    Path jar = Files.createDirectories(directory.resolve("cli/target")).resolve("cli.jar");

    assertThat(Checkout.isAt(jar.toUri())).isFalse();
    Files.createFile(directory.resolve("quickstart.sh"));
    assertThat(Checkout.isAt(jar.toUri())).isTrue();
    assertThat(Checkout.isHere()).isTrue();
  }

  @Test
  void knowsAPackage() throws Exception {
    Files.createFile(directory.resolve("quickstart.sh"));

    assertThat(Checkout.isAt(directory.resolve("lib/model-signing/cli.jar").toUri())).isFalse();
    assertThat(Checkout.isAt(URI.create("jrt:/dev.modelsigning.cli"))).isFalse();
  }

  @Test
  void listsTheTourInACheckoutOnly() {
    assertThat(Commands.listed(true)).isEqualTo(Commands.ENTRIES);
    assertThat(Commands.listed(false).stream().map(Entry::name))
        .doesNotContain("quickstart")
        .hasSize(Commands.ENTRIES.size() - 1);
    assertThat(Reference.commands().subcommands()).doesNotContainKey("quickstart");
  }
}
