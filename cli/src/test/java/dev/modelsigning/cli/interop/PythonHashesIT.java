package dev.modelsigning.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Other hashes than SHA-256, and shards. The Python command line has no options for them, its
 * library has. Where Python cannot verify, the test says what it says today.
 */
@WithPythonClient
class PythonHashesIT {

  private static KeyPair keys;

  private final Client java = Client.java();
  private final Client library = Client.pythonScript("library.py");

  @TempDir private Path directory;
  private Path model;
  private Path signature;

  @BeforeAll
  static void makeKeys(@TempDir Path directory) throws Exception {
    keys = KeyPair.generate(directory, "P-256");
  }

  /** Offsets of one and of two digits, and a name that is the beginning of another. */
  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("f"), "0123456789ab");
    Files.writeString(model.resolve("f.b"), "xyz");
    Files.writeString(model.resolve("empty"), "");
    Files.writeString(Files.createDirectory(model.resolve("d")).resolve("x"), "hello");
    signature = directory.resolve("model.sig");
  }

  @ParameterizedTest
  @CsvSource({
    "blake2, blake2b in shards of 5 bytes, 5",
    "sha256, sha256 in shards of 2 bytes, 2",
    // The library's own size, which it writes as 1000000000.0.
    "sha256, 'sha256 in shards of 1,000,000,000 bytes', 0",
    "blake2, blake2b,",
    "blake3, blake3,",
    // The library makes files of shards where it is BLAKE3.
    "blake3, blake3, 5"
  })
  void javaVerifiesWhatTheLibrarySigns(String hash, String how, Integer shardSize)
      throws Exception {
    library("sign", keys.privateKey(), hash, shardSize).succeeds();

    verify(java).endsWith(0, how + "\n");
    Files.writeString(model.resolve("f"), "0123456789aB");
    verify(java).refuses(java.changed());
  }

  @ParameterizedTest
  @CsvSource({"sha256, sha256", "blake2b, blake2", "blake3, blake3"})
  void theLibraryVerifiesHashesOfFilesThatJavaSignsIfToldTheHash(String ours, String theirs)
      throws Exception {
    sign("--hash-algorithm", ours);

    library("verify", keys.publicKey(), theirs, null).succeeds();
    Files.writeString(model.resolve("f"), "0123456789aB");
    library("verify", keys.publicKey(), theirs, null).endsWith(1, library.changed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256", "blake3"})
  void theLibraryFindsOutTheHashByItself(String hash) throws Exception {
    sign("--hash-algorithm", hash);

    library("verify", keys.publicKey(), null, null).succeeds();
  }

  /** A signature says {@code blake2b}, the library's own name for it is {@code blake2}. */
  @Test
  void theLibraryDoesNotFindOutByItselfThatItIsBlake2b() throws Exception {
    String message = "Unsupported hashing method blake2b";
    sign("--hash-algorithm", "blake2b");
    library("verify", keys.publicKey(), null, null).endsWith(1, message);

    library("sign", keys.privateKey(), "blake2", null).succeeds();
    library("verify", keys.publicKey(), null, null).endsWith(1, message);
  }

  /** It writes the size of a shard as a floating-point number and takes none. */
  @Test
  void theLibraryDoesNotFindOutByItselfThatThereAreShards() throws Exception {
    library("sign", keys.privateKey(), "sha256", 5).succeeds();

    library("verify", keys.publicKey(), null, null)
        .endsWith(1, "'float' object cannot be interpreted as an integer");
    library("verify", keys.publicKey(), "sha256", 5).succeeds();
  }

  /**
   * Python expects {@code sha256-sharded-5} where OMS 5.2.2 wants {@code sha256}, and has no shards
   * with BLAKE3.
   */
  @ParameterizedTest
  @CsvSource({
    "sha256, sha256, algorithm='sha256-sharded-5', algorithm='sha256-sharded-5'",
    "blake2b, blake2, algorithm='blake2b-sharded-5', Unsupported hashing method blake2b",
    "blake3, blake3, Extra files found in model, Extra files found in model"
  })
  void theLibraryRefusesShardsThatJavaSigns(
      String ours, String theirs, String ifTold, String ifGuessing) throws Exception {
    sign("--shard-size=5", "--hash-algorithm", ours);

    verify(java).succeeds();
    library("verify", keys.publicKey(), theirs, 5).endsWith(1, ifTold);
    library("verify", keys.publicKey(), null, null).endsWith(1, ifGuessing);
  }

  @Test
  void theLibraryWritesTheShardSizeIntoTheAlgorithm() throws Exception {
    library("sign", keys.privateKey(), "sha256", 0).succeeds();

    byte[] payload = Bundle.read(signature).envelope().payload().content().toArray();
    assertThat(new String(payload, StandardCharsets.UTF_8))
        .contains("\"shard_size\": 1000000000.0")
        .contains("\"algorithm\": \"sha256-sharded-1000000000\"");
  }

  /** Python cuts the name of a shard at every colon; the last two are meant (OMS 6.3.2). */
  @Test
  void javaVerifiesShardsOfNamesWithColonsThatPythonSignsOnly() throws Exception {
    Files.writeString(model.resolve("a:0:4"), "colons");
    library("sign", keys.privateKey(), "sha256", 5).succeeds();

    verify(java).succeeds();
    library("verify", keys.publicKey(), "sha256", 5)
        .endsWith(1, "expected 3 components separated by `:`");
  }

  /** Shards do not cover empty files, so that adding one changes nothing (OMS 6.3.2). */
  @Test
  void anAddedEmptyFileIsInvisibleInShardsUnlessJavaIsStrict() throws Exception {
    library("sign", keys.privateKey(), "sha256", 5).succeeds();
    Files.writeString(model.resolve("__init__.py"), "");
    library("verify", keys.publicKey(), "sha256", 5).succeeds();
    verify(java).endsWith(0, "__init__.py (empty file, which shards do not cover)");

    Files.delete(model.resolve("__init__.py"));
    sign("--shard-size", "5");
    verify(java, "--strict").refuses("empty (file)");
  }

  /** It looks at nothing in the signature but the digests, and compares with SHA-256 of files. */
  @ParameterizedTest
  @ValueSource(strings = {"--hash-algorithm=blake2b", "--hash-algorithm=blake3", "--shard-size=5"})
  void pythonsCommandLineVerifiesSha256OfFilesOnly(String option) throws Exception {
    sign(option);

    verify(Client.python()).refuses("Verification failed with error: Signature mismatch: [");
  }

  private void sign(String... options) throws Exception {
    java.sign(model, signature, keys.privateKey(), options).succeeds();
  }

  private Client.Outcome verify(Client verifier, String... options) throws Exception {
    return verifier.verify(model, signature, keys.publicKey(), options);
  }

  private Client.Outcome library(String command, Path key, String hash, Integer shardSize)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of(command, model.toString(), signature.toString(), key.toString()));
    if (hash != null) {
      arguments.add("--hash=" + hash);
    }
    if (shardSize != null) {
      arguments.add("--shard-size=" + shardSize);
    }
    return library.run(directory, arguments.toArray(new String[0]));
  }
}
