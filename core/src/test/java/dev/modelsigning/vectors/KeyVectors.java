package dev.modelsigning.vectors;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.RepeatableSignatures;
import dev.modelsigning.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Locale;
import java.util.Optional;

/** Vectors of the method {@code key} with legitimate signers, over changed and unchanged models. */
final class KeyVectors {

  private static final String MISMATCH = "MODEL_MISMATCH";

  private final VectorFolder folder;
  private final Path scratch;
  private final TestKeys keys;
  private final String publicKey;

  /** The key that signs most of them. */
  static TestKeys keys(KeysForTests all) {
    return all.signer("p256", EcdsaScheme.P256);
  }

  private KeyVectors(VectorFolder folder, Path scratch, KeysForTests all) {
    this.folder = folder;
    this.scratch = scratch;
    this.keys = keys(all);
    this.publicKey = folder.file("p256.pub", TestKeys.pem(keys.publicKey()));
  }

  static void make(Path root, Path scratch, KeysForTests all) throws Exception {
    VectorFolder folder = new VectorFolder(root, "key");
    KeyVectors vectors = new KeyVectors(folder, scratch, all);
    vectors.algorithms(all);
    vectors.serializations();
    vectors.names();
    vectors.comparisons();
    vectors.ignoredPaths();
    vectors.gitPaths();
    vectors.links();
    new KeyFileVectors(folder, all).make();
    Forge forge = new Forge(vectors.keys);
    new StatementVectors(folder, forge, vectors.publicKey).make();
    new StatementFormVectors(folder, forge, vectors.publicKey).make();
    new BundleFormVectors(folder, forge, vectors.publicKey, all).make();
    new TamperedVectors(folder, forge, vectors.publicKey, all).make();
    new OldFormVectors(folder, all, vectors.publicKey).make();
    folder.writeIndex(
        "Bundles of the method key, most of them by one key on P-256, over the models beside.");
  }

  // --- making

  private Vector vector(String name, String description, String section) {
    return Vector.of(name, description, section).option("public-key", publicKey);
  }

  /** A key whose signatures are always the same. */
  static SigningKey signingKey(TestKeys keys) {
    return new SigningKey() {
      @Override
      public EcdsaScheme scheme() {
        return keys.algorithm();
      }

      @Override
      public Optional<PublicKey> publicKey() {
        return Optional.of(keys.publicKey());
      }

      @Override
      public Bytes sign(Bytes message) {
        return RepeatableSignatures.sign(keys.algorithm(), keys.privateKey(), message);
      }
    };
  }

  private Bundle sign(String model, ModelHasher hasher) throws IOException, SigningException {
    Path path = folder.root().resolve(model);
    if (model.endsWith(".tar")) {
      path = Files.createTempDirectory(scratch, "model").resolve("model");
      TarFile.unpack(folder.root().resolve(model), path);
    }
    return ModelSigner.using(KeySigner.using(signingKey(keys))).withHasher(hasher).sign(path);
  }

  private void add(Vector vector, ModelHasher.Builder hasher) throws Exception {
    folder.add(vector, sign(vector.model(), hasher.build()));
  }

  // --- vectors

  private void algorithms(KeysForTests all) throws Exception {
    for (EcdsaScheme algorithm : EcdsaScheme.values()) {
      String name = algorithm.curve().toLowerCase(Locale.ROOT).replace("-", "");
      TestKeys each = all.signer(name, algorithm);
      String file = folder.file(name + ".pub", TestKeys.pem(each.publicKey()));
      folder.add(
          Vector.of(name, "ECDSA on " + algorithm.curve(), "4.2").option("public-key", file),
          ModelSigner.using(KeySigner.using(signingKey(each)))
              .sign(folder.root().resolve("models/plain")));
    }
  }

  private void serializations() throws Exception {
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      add(
          vector(
                  "files-" + algorithm.id(),
                  "whole files by " + algorithm.id() + ", of lengths around the borders of blocks",
                  "6.3")
              .model("models/lengths"),
          ModelHasher.builder().hashAlgorithm(algorithm));
      add(
          vector(
                  "shards-" + algorithm.id(),
                  "shards of 1000 bytes by " + algorithm.id() + "; the empty file is not covered",
                  "6.3.2")
              .model("models/lengths"),
          ModelHasher.builder().hashAlgorithm(algorithm).shardSize(1000));
    }
    add(
        vector("shards-of-one-byte", "a resource for each byte", "6.3.2"),
        ModelHasher.builder().shardSize(1));
    add(
        vector("shards-longer-than-files", "one shard for each file", "6.3.2"),
        ModelHasher.builder().shardSize(1_000_000_000));
    add(
        vector("empty-file", "an empty file is signed", "6.1").model("models/empty-file"),
        ModelHasher.builder());
    add(
        vector("empty-file-shards", "an empty file has no shard, so it is not covered", "6.3.2")
            .model("models/empty-file"),
        ModelHasher.builder().shardSize(3));
    add(
        vector(
                "empty-file-shards-strict",
                "an empty file that is not covered, and strict verification",
                "6.3.2")
            .model("models/empty-file")
            .option("strict")
            .expected(MISMATCH),
        ModelHasher.builder().shardSize(3));
    add(
        vector("single-file", "a model of one file, by its name", "6.1").model("models/plain/a"),
        ModelHasher.builder());
    folder.add(
        vector("single-file-dot", "a model of one file, called '.'", "6.1").model("models/plain/a"),
        new Forge(keys).bundle(new StatementText().file(".", "alpha").toString()));
    folder.add(
        vector("single-file-other-name", "a model of one file that has another name", "6.1")
            .model("models/plain/a")
            .expected(MISMATCH),
        new Forge(keys).bundle(new StatementText().file("b", "alpha").toString()));
    folder.add(
        vector("single-file-more-listed", "a model of one file where two are listed", "6.1")
            .model("models/plain/a")
            .expected(MISMATCH),
        new Forge(keys).bundle(StatementVectors.good().toString()));
    folder.add(
        vector("single-file-directory", "a directory where one file called '.' is signed", "6.1")
            .model("models/plain")
            .expected(MISMATCH),
        new Forge(keys).bundle(new StatementText().file(".", "alpha").toString()));
  }

  private void names() throws Exception {
    add(
        vector(
                "odd-names",
                "names with quotes, a line feed, '%', '~', colons, spaces, text that is turned"
                    + " around, composed and decomposed letters",
                "6.1.2")
            .model("models/odd-names.tar"),
        ModelHasher.builder());
    add(
        vector("order", "resources in code point order", "5.2.1").model("models/order.tar"),
        ModelHasher.builder());
    String[] byComponents = {
      "a/b", "a/c/d", "a b", "a-b", "a.b", "ab", "\uff21.bin", "\ud83d\ude00.bin"
    };
    String[] byUtf16 = {
      "a b", "a-b", "a.b", "a/b", "a/c/d", "ab", "\ud83d\ude00.bin", "\uff21.bin"
    };
    for (boolean strict : new boolean[] {false, true}) {
      String tail = strict ? "-strict" : "";
      String expected = strict ? "NOT_STRICT" : Vector.VERIFIED;
      for (String what : new String[] {"components", "utf-16"}) {
        String[] order = what.equals("utf-16") ? byUtf16 : byComponents;
        StatementText statement = new StatementText();
        for (String name : order) {
          statement.file(name, name);
        }
        Vector vector =
            vector("order-by-" + what + tail, "resources in the order of " + what, "5.2.1")
                .model("models/order.tar")
                .expected(expected);
        folder.add(
            strict ? vector.option("strict") : vector,
            new Forge(keys).bundle(statement.toString()));
      }
    }
  }

  private void comparisons() throws Exception {
    String good = StatementVectors.good().toString();
    Bundle bundle = new Forge(keys).bundle(good);
    String shards = StatementVectors.goodShards().toString();
    for (String model :
        new String[] {
          "changed", "missing", "swapped", "renamed", "unsigned", "longer", "shorter"
        }) {
      folder.add(
          vector("model-" + model, "the model is not the one that was signed", "8.4")
              .model("models/" + model)
              .expected(MISMATCH),
          bundle);
      folder.add(
          vector("model-" + model + "-shards", "the same with shards", "8.4")
              .model("models/" + model)
              .expected(MISMATCH),
          new Forge(keys).bundle(shards));
    }
    folder.add(
        vector("unsigned-ignored", "an unsigned file that the user allows", "8.5")
            .model("models/unsigned")
            .option("ignore-unsigned-files"),
        bundle);
    folder.add(
        vector("unsigned-ignored-by-path", "an unsigned file that the user names", "6.2.1")
            .model("models/unsigned")
            .option("ignore-paths", "b/d"),
        bundle);
    folder.add(
        vector("unsigned-ignored-by-other-path", "a path that only begins alike", "6.2.1")
            .model("models/unsigned")
            .option("ignore-paths", "b/d/e")
            .expected(MISMATCH),
        bundle);
    for (String model : new String[] {"changed", "missing"}) {
      folder.add(
          vector(
                  "model-" + model + "-unsigned-allowed",
                  "what is listed is checked although unsigned files are allowed",
                  "8.5")
              .model("models/" + model)
              .option("ignore-unsigned-files")
              .expected(MISMATCH),
          bundle);
    }
    folder.add(
        vector("listed-and-ignored-by-user", "a changed file that the user ignores", "6.2.1")
            .model("models/changed")
            .option("ignore-paths", "a")
            .expected(MISMATCH),
        bundle);
  }

  private void ignoredPaths() throws Exception {
    add(
        vector("ignored-path", "what the signer left out, as the statement says", "6.2.1")
            .model("models/ignored"),
        ModelHasher.builder().reading(Reading.withDefaults().ignorePath("x")));
    add(
        vector("ignored-path-strict", "what the signer left out is no excuse", "6.2.1")
            .model("models/ignored")
            .option("strict")
            .expected(MISMATCH),
        ModelHasher.builder().reading(Reading.withDefaults().ignorePath("x")));
    folder.add(
        vector("ignored-path-beside", "a name that only begins like an ignored one", "6.2.1")
            .model("models/ignored-beside")
            .expected(MISMATCH),
        sign(
            "models/ignored",
            ModelHasher.builder().reading(Reading.withDefaults().ignorePath("x")).build()));
    Path inside = folder.root().resolve("models/signature-inside");
    Files.createDirectories(inside);
    Files.writeString(inside.resolve("a"), "alpha");
    Path signature = inside.resolve("model.sig");
    ModelSigner.using(KeySigner.using(signingKey(keys))).sign(inside, signature);
    byte[] bundle = Files.readAllBytes(signature);
    Vector vector =
        vector("signature-inside", "the signature lies in the model", "6.2.1")
            .model("models/signature-inside");
    folder.add(vector, "models/signature-inside/model.sig", bundle);
    folder.add(
        vector("signature-inside-strict", "the signature lies in the model", "6.2.1")
            .model("models/signature-inside")
            .option("strict"),
        "models/signature-inside/model.sig",
        bundle);
    folder.add(
        vector("signature-moved-out", "a copy of the signature is still left out", "6.2.1")
            .model("models/signature-inside"),
        bundle);
  }

  private void gitPaths() throws Exception {
    add(
        vector("git-paths", "git's own files are left out", "6.2").model("models/git-paths.tar"),
        ModelHasher.builder());
    add(
        vector("git-paths-strict", "git's own files are no excuse", "6.2")
            .model("models/git-paths.tar")
            .option("strict")
            .expected(MISMATCH),
        ModelHasher.builder());
    add(
        vector("git-paths-signed", "git's own files are signed", "6.2")
            .model("models/git-paths.tar"),
        ModelHasher.builder().reading(Reading.withDefaults().ignoreGitPaths(false)));
    add(
        vector("git-paths-signed-strict", "git's own files are signed", "6.2")
            .model("models/git-paths.tar")
            .option("strict"),
        ModelHasher.builder().reading(Reading.withDefaults().ignoreGitPaths(false)));
    folder.add(
        vector("git-paths-not-listed", "git's files, where no list of ignored paths is", "6.2")
            .model("models/git-paths.tar"),
        new Forge(keys).bundle(StatementVectors.good().toString()));
    folder.add(
        vector("git-paths-not-ignored", "git's files, which the user does not ignore", "6.2")
            .model("models/git-paths.tar")
            .option("no-ignore-git-paths")
            .expected(MISMATCH),
        new Forge(keys).bundle(StatementVectors.good().toString()));
    folder.add(
        vector("git-paths-changed", "a listed file of git that is another one", "6.2")
            .model("models/git-paths.tar")
            .expected(MISMATCH),
        new Forge(keys).bundle(StatementVectors.good().file(".gitignore", "y").toString()));
    folder.add(
        vector("git-path-below", "git's name in another directory is like any other", "6.2")
            .model("models/git-path-below.tar")
            .expected(MISMATCH),
        new Forge(keys).bundle(StatementVectors.good().toString()));
  }

  private void links() throws Exception {
    ModelHasher.Builder allowing =
        ModelHasher.builder().reading(Reading.withDefaults().allowSymlinks(true));
    add(
        vector("link", "a link to a file, which the signer allowed", "6.1.1")
            .model("models/link.tar"),
        allowing);
    add(
        vector("link-forbidden", "a link that the signer allowed and the user does not", "6.1.1")
            .model("models/link.tar")
            .option("no-allow-symlinks")
            .expected(MISMATCH),
        allowing);
    StatementText withTarget = StatementVectors.good().file("target", "gamma");
    folder.add(
        vector("link-in-place-of-a-file", "a link where the signer allowed none", "6.1.1")
            .model("models/link.tar")
            .expected(MISMATCH),
        new Forge(keys).bundle(withTarget.toString()));
    String below =
        new StatementText()
            .file("a", "alpha")
            .file("b/c", "gamma")
            .file("elsewhere/c", "gamma")
            .toString();
    for (boolean allowed : new boolean[] {false, true}) {
      folder.add(
          vector(
                  "linked-directory" + (allowed ? "-links-allowed" : ""),
                  "a listed file below a link to a directory",
                  "6.1.1")
              .model("models/linked-directory.tar")
              .option("ignore-unsigned-files")
              .expected(MISMATCH),
          new Forge(keys)
              .bundle(below.replace("\"allow_symlinks\":false", "\"allow_symlinks\":" + allowed)));
    }
    folder.add(
        vector("dangling-link", "a link to nowhere that is not signed", "6.1.1")
            .model("models/dangling-link.tar")
            .expected(MISMATCH),
        new Forge(keys).bundle(StatementVectors.good().toString()));
  }
}
