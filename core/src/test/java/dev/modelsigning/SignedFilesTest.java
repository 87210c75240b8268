package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A verified model returns bytes that were checked, whatever is at their paths later. */
class SignedFilesTest {

  @TempDir private Path directory;

  private Path model;
  private Path signature;
  private KeySigner signer;
  private BundleVerifier verifier;

  @BeforeEach
  void makeAModel() throws Exception {
    model = Models.write(directory.resolve("model"), "a", "alpha", "b/c", "gamma", "empty", "");
    signature = directory.resolve("model.sig");
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    signer = KeySigner.load(directory.resolve("key.pem"));
    verifier = KeyVerifier.load(directory.resolve("key.pub"));
  }

  private VerifiedModel verified(ModelHasher hasher) throws Exception {
    ModelSigner.using(signer).withHasher(hasher).sign(model, signature);
    return ModelVerifier.using(verifier).verify(model, signature);
  }

  private VerifiedModel verified() throws Exception {
    return verified(ModelHasher.withDefaults());
  }

  private static byte[] all(SeekableByteChannel channel) throws IOException {
    try (InputStream stream = Channels.newInputStream(channel)) {
      return stream.readAllBytes();
    }
  }

  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void givesTheBytes(HashAlgorithm algorithm) throws Exception {
    VerifiedModel verified = verified(ModelHasher.builder().hashAlgorithm(algorithm).build());

    assertThat(verified.readAllBytes("a")).asString().isEqualTo("alpha");
    assertThat(verified.readAllBytes("empty")).isEmpty();
    assertThat(all(verified.open("b/c"))).asString().isEqualTo("gamma");
    assertThat(all(verified.open("empty"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 4, 5, 6, 1_000_000_000})
  void givesTheBytesOfShards(long size) throws Exception {
    Files.delete(model.resolve("empty"));
    VerifiedModel verified = verified(ModelHasher.builder().shardSize(size).build());

    assertThat(verified.readAllBytes("b/c")).asString().isEqualTo("gamma");
    assertThat(all(verified.open("b/c"))).asString().isEqualTo("gamma");
  }

  @Test
  void givesTheBytesOfTheOneFile() throws Exception {
    model = model.resolve("a");
    assertThat(verified().readAllBytes("a")).asString().isEqualTo("alpha");
  }

  @Test
  void refusesAFileThatWasSwappedSince() throws Exception {
    VerifiedModel verified = verified();
    Files.writeString(model.resolve("a"), "ALPHA");

    assertThatThrownBy(() -> verified.readAllBytes("a"))
        .isInstanceOf(ModelMismatchException.class)
        .hasMessageContaining("'a' is not what was signed");
    assertThatThrownBy(() -> verified.open("a")).isInstanceOf(ModelMismatchException.class);
    assertThat(verified.readAllBytes("b/c")).asString().isEqualTo("gamma");
  }

  @Test
  void refusesAFileThatBecameALink() throws Exception {
    VerifiedModel verified = verified();
    Files.delete(model.resolve("a"));
    Files.createSymbolicLink(model.resolve("a"), Path.of("b/c"));

    assertThatThrownBy(() -> verified.readAllBytes("a")).isInstanceOf(Exception.class);
  }

  @Test
  void refusesAFileThatIsGone() throws Exception {
    VerifiedModel verified = verified();
    Files.delete(model.resolve("a"));

    assertThatThrownBy(() -> verified.readAllBytes("a"))
        .isInstanceOf(ModelMismatchException.class)
        .hasMessageContaining("'a' was signed and is not there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../model/a", "/a", "nothing", "b", "", "a:0:5"})
  void refusesWhatWasNotSigned(String name) throws Exception {
    VerifiedModel verified = verified();

    assertThatIllegalArgumentException().isThrownBy(() -> verified.readAllBytes(name));
    assertThatIllegalArgumentException().isThrownBy(() -> verified.open(name));
  }

  @Test
  void refusesAFileThatIsUnsignedButTolerated() throws Exception {
    ModelSigner.using(signer).sign(model, signature);
    Files.writeString(model.resolve("more"), "x");
    VerifiedModel verified =
        ModelVerifier.builder(verifier).ignoreUnsignedFiles(true).build().verify(model, signature);

    assertThatIllegalArgumentException().isThrownBy(() -> verified.readAllBytes("more"));
  }

  @Test
  void refusesAShardThatWasSwapped() throws Exception {
    ObjectStore store = new ObjectStore().put("x", "0123456789");
    ModelSigner.using(signer)
        .withHasher(ModelHasher.builder().shardSize(4).build())
        .sign(store, signature);
    VerifiedModel verified = ModelVerifier.using(verifier).verify(store, signature);
    store.replace("x", "0123456?89");

    try (SeekableByteChannel channel = verified.open("x")) {
      ByteBuffer all = ByteBuffer.allocate(10);
      assertThat(channel.read(all)).isEqualTo(4);
      assertThatThrownBy(() -> channel.read(all)).hasMessageContaining("is not what was signed");
      assertThat(new String(all.array(), 0, all.position(), StandardCharsets.US_ASCII))
          .isEqualTo("0123");
      channel.position(8);
      assertThat(channel.read(all)).isEqualTo(2);
    }
  }

  @Test
  void refusesAFileOfAnotherLengthInShards() throws Exception {
    ObjectStore store = new ObjectStore().put("x", "0123456789");
    ModelSigner.using(signer)
        .withHasher(ModelHasher.builder().shardSize(4).build())
        .sign(store, signature);
    VerifiedModel verified = ModelVerifier.using(verifier).verify(store, signature);
    store.replace("x", "01234567890");

    assertThatThrownBy(() -> verified.open("x"))
        .isInstanceOf(ModelMismatchException.class)
        .hasMessageContaining("expected 10 bytes, found 11 bytes");
  }

  /** Beyond what is held in memory, the bytes come from a private copy that has no name. */
  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void givesLargeFilesFromAPrivateCopy(HashAlgorithm algorithm) throws Exception {
    byte[] large = new byte[(int) SignedFiles.MAX_IN_MEMORY + 1];
    new Random(1).nextBytes(large);
    Files.write(model.resolve("large"), large);
    VerifiedModel verified = verified(ModelHasher.builder().hashAlgorithm(algorithm).build());
    try (SeekableByteChannel channel = verified.open("large")) {
      Files.delete(model.resolve("large"));
      assertThat(channel.size()).isEqualTo(large.length);
      assertThat(Arrays.mismatch(all(channel), large)).isEqualTo(-1);
    }
    large[5]++;
    Files.write(model.resolve("large"), large);
    assertThatThrownBy(() -> verified.open("large")).isInstanceOf(Exception.class);
  }

  @Test
  void givesChannelsThatBehave() throws Exception {
    Files.delete(model.resolve("empty"));
    VerifiedModel whole = verified();
    VerifiedModel shards = verified(ModelHasher.builder().shardSize(2).build());
    for (VerifiedModel verified : new VerifiedModel[] {whole, shards}) {
      SeekableByteChannel channel = verified.open("a");
      assertThat(channel.size()).isEqualTo(5);
      assertThat(channel.position(3).position()).isEqualTo(3);
      ByteBuffer rest = ByteBuffer.allocate(9);
      while (channel.read(rest) >= 0) {
        // All of it.
      }
      assertThat(rest.position()).isEqualTo(2);
      assertThat(channel.position(100).read(rest)).isEqualTo(-1);
      assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
      assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
          .isInstanceOf(NonWritableChannelException.class);
      assertThatThrownBy(() -> channel.truncate(1)).isInstanceOf(NonWritableChannelException.class);
      assertThatIllegalArgumentException().isThrownBy(() -> channel.position(-1));
      channel.close();
      assertThat(channel.isOpen()).isFalse();
      assertThatThrownBy(() -> channel.read(rest)).isInstanceOf(ClosedChannelException.class);
    }
  }
}
