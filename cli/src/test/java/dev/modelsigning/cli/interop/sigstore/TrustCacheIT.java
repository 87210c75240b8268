package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.vectors.VectorSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The location of cached TUF metadata: below a directory of this user. */
@EnabledOnOs(OS.LINUX)
class TrustCacheIT {

  @TempDir private Path directory;

  private Path cache;

  @BeforeEach
  void makeCache() throws Exception {
    cache = Files.createDirectory(directory.resolve("cache"));
  }

  private Client.Outcome verifyOffline(String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "verify",
                directory.toString(),
                "--signature",
                VectorSet.root().resolve("sigstore/rekor-1.sigstore.json").toString(),
                "--offline",
                "--identity",
                "signer@example.com",
                "--identity-provider",
                "https://issuer.example"));
    arguments.addAll(List.of(options));
    return Client.java()
        .with("XDG_CACHE_HOME", cache.toString())
        .run(directory, arguments.toArray(new String[0]));
  }

  @Test
  void isNeededWithoutANetwork() throws Exception {
    verifyOffline()
        .refuses("there is no answer of the trust repository (TUF) at https://")
        .refuses(cache.resolve("model-signing/tuf").toString());
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void isAnotherOneForTheStagingInstance() throws Exception {
    assertThat(cacheIn(verifyOffline("--use-staging"))).isNotEqualTo(cacheIn(verifyOffline()));
  }

  private String cacheIn(Client.Outcome refused) {
    return refused
        .refuses(cache + "/model-signing/tuf/")
        .output()
        .replaceFirst("(?s).* in (" + cache + "\\S+);.*", "$1");
  }
}
