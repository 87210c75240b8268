package dev.modelsigning.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.spark.ChunkResult.Kind;
import dev.modelsigning.spark.Storage.Look;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes to executors and what comes back. */
class ChunkTest {

  private static final Chunk CHUNK =
      new Chunk(
          3,
          "a/\u00fc\ud83d\ude00.bin",
          new Look(1L << 40, 17, 9, "\"etag\"", "file 7"),
          5,
          1L << 33);

  @Test
  void chunksComeThroughAsTheyAre() throws IOException {
    assertThat(Chunk.decode(Chunk.encode(List.of(CHUNK, CHUNK)))).containsExactly(CHUNK, CHUNK);
  }

  @Test
  void resultsComeThroughAsTheyAre() throws IOException {
    ChunkResult read = ChunkResult.read(CHUNK, List.of(new byte[32], new byte[64]));
    ChunkResult failed = ChunkResult.failed(CHUNK, Kind.CHANGED, "x".repeat(100_000));
    List<ChunkResult> decoded = ChunkResult.decode(ChunkResult.encode(List.of(read, failed)));
    assertThat(decoded).hasSize(2);
    assertThat(decoded.get(0).digests()).containsExactly(new byte[32], new byte[64]);
    assertThat(decoded.get(1).kind()).isEqualTo(Kind.CHANGED);
    assertThat(decoded.get(1).message()).hasSize(4000);
  }

  /** Executors are believed in what they say, and not in how they say it. */
  @Test
  void resultsThatAreCutOrLongerAreRefused() throws IOException {
    byte[] encoded = ChunkResult.encode(List.of(ChunkResult.read(CHUNK, List.of(new byte[32]))));
    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> ChunkResult.decode(cut)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> ChunkResult.decode(Arrays.copyOf(encoded, encoded.length + 1)))
        .hasMessageContaining("more than its results");
    encoded[8] = 9;
    assertThatThrownBy(() -> ChunkResult.decode(encoded)).hasMessageContaining("unknown kind");
  }

  @Test
  void timesDecideOnlyWithoutAnEntityTag() {
    Look one = new Look(1, 2, 3, "", "");
    assertThat(one.isSame(new Look(1, 2, 3, "", ""))).isTrue();
    assertThat(one.isSame(new Look(1, 2, 4, "", ""))).isFalse();
    assertThat(one.isSame(new Look(2, 2, 3, "", ""))).isFalse();
    assertThat(one.isSame(new Look(1, 2, 3, "tag", ""))).isFalse();
    Look tagged = new Look(1, 2, 3, "tag", "");
    assertThat(tagged.isSame(new Look(1, 9, 9, "tag", ""))).isTrue();
    assertThat(tagged.isSame(new Look(1, 2, 3, "other", ""))).isFalse();
  }

  /** What fields there are at all, so that nobody adds a key or a configuration to them. */
  @Test
  void executorsGetNothingButPlacesAndTheAlgorithm() throws IOException {
    assertThat(
            Arrays.stream(ChunkHasher.class.getDeclaredFields())
                .<Object>map(field -> field.getType()))
        .containsOnly(Storage.class, HashAlgorithm.class, long.class, int.class);
    assertThat(
            Arrays.stream(FileStorage.class.getRecordComponents()).<Object>map(it -> it.getType()))
        .containsOnly(String.class, boolean.class);
    assertThat(
            Arrays.stream(HadoopStorage.class.getRecordComponents())
                .<Object>map(it -> it.getType()))
        .containsOnly(String.class, boolean.class);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(
          new ChunkHasher(new HadoopStorage("s3a://b/p", true, false), HashAlgorithm.SHA256, 5));
    }
    assertThat(bytes.toString(StandardCharsets.ISO_8859_1))
        .contains("s3a://b/p")
        .doesNotContain("SparkConf", "Configuration");
    assertThat(bytes.size()).isLessThan(1000);
  }

  /** What an executor may return that is wrong. */
  enum Wrong {
    OTHER_NUMBER,
    DIGEST_TOO_SHORT,
    TOO_MANY_DIGESTS,
    NO_DIGEST,
    NO_RESULT,
    TWICE
  }

  @ParameterizedTest
  @EnumSource
  void aResultThatDoesNotFitItsChunkIsRefused(Wrong wrong) throws Exception {
    Chunk chunk = new Chunk(0, "f", new Look(10, 0, 0, "", ""), 0, 10);
    ChunkResult good = ChunkResult.read(chunk, List.of(new byte[32]));
    List<ChunkResult> bad =
        switch (wrong) {
          case OTHER_NUMBER -> List.of(new ChunkResult(1, Kind.READ, good.digests(), ""));
          case DIGEST_TOO_SHORT -> List.of(ChunkResult.read(chunk, List.of(new byte[31])));
          case TOO_MANY_DIGESTS ->
              List.of(ChunkResult.read(chunk, List.of(new byte[32], new byte[32])));
          case NO_DIGEST -> List.of(ChunkResult.read(chunk, List.of()));
          case NO_RESULT -> List.of();
          case TWICE -> List.of(good, good);
        };
    Results results = new Results(List.of(chunk), Long.MAX_VALUE, 32, HashProgress.NONE);
    assertThatThrownBy(() -> results.take(List.of(chunk), bad)).isInstanceOf(IOException.class);
    results.take(List.of(chunk), List.of(good));
    assertThatThrownBy(() -> results.take(List.of(chunk), List.of(good)))
        .hasMessageContaining("a second result");
  }

  @Test
  void aClusterMustAuthenticateItsExecutors() throws IOException {
    SparkConf cluster = new SparkConf(false).setMaster("spark://10.0.0.1:7077");
    assertThatThrownBy(() -> SparkDigester.requireAuthentication(false, cluster))
        .hasMessageContaining("spark.authenticate=true")
        .hasMessageContaining("spark://10.0.0.1:7077");
    SparkDigester.requireAuthentication(true, cluster);
    SparkDigester.requireAuthentication(false, cluster.set("spark.authenticate", "true"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          true  | AES/GCM/NoPadding | false | -    | -   | true
          true  | -                 | false | -    | -   | false
          true  | AES/CTR/NoPadding | false | -    | -   | false
          true  | AES/GCM/NoPadding | -     | -    | -   | false
          true  | AES/GCM/NoPadding | true  | -    | -   | false
          false | AES/GCM/NoPadding | false | -    | -   | false
          -     | -                 | -     | -    | -   | false
          -     | -                 | -     | true | -   | false
          -     | -                 | -     | true | /ts | true
          """)
  void whatExecutorsSendIsProtectedByGcmOrTrustedCertificates(
      String enabled, String cipher, String fallback, String tls, String trust, boolean expected) {
    SparkConf conf = new SparkConf(false);
    String[] names = {
      "spark.network.crypto.enabled",
      "spark.network.crypto.cipher",
      "spark.network.crypto.saslFallback",
      "spark.ssl.rpc.enabled",
      "spark.ssl.rpc.trustStore"
    };
    String[] values = {enabled, cipher, fallback, tls, trust};
    for (int i = 0; i < names.length; i++) {
      if (values[i] != null) {
        conf.set(names[i], values[i]);
      }
    }
    assertThat(SparkDigester.isProtected(conf)).isEqualTo(expected);
  }
}
