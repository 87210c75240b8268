package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.sigstore.internal.message.CertificateAuthority;
import dev.modelsigning.sigstore.internal.message.PublicKeyDetails;
import dev.modelsigning.sigstore.internal.message.Service;
import dev.modelsigning.sigstore.internal.message.ServiceConfiguration;
import dev.modelsigning.sigstore.internal.message.ServiceConfiguration.Selector;
import dev.modelsigning.sigstore.internal.message.SigningConfigJson;
import dev.modelsigning.sigstore.internal.message.SigningConfigMessage;
import dev.modelsigning.sigstore.internal.message.TimeRange;
import dev.modelsigning.sigstore.internal.message.TransparencyLogInstance;
import dev.modelsigning.sigstore.internal.message.TrustedRootJson;
import dev.modelsigning.sigstore.internal.message.TrustedRootMessage;
import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.WithSharedVectors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trusted roots and signing configurations, as the library for Protocol Buffers reads them and as
 * we do. What we accept it accepts, with the same meaning; what we refuse beyond that has one of a
 * few reasons.
 */
class TrustDifferentialTest {

  private static final int RUNS = 5_000;

  /**
   * What the library takes although the JSON form does not say so, or where two names stand for one
   * field.
   */
  private static final Pattern STRICTER =
      Pattern.compile(
          "document: .*("
              + "expected (a string|an integer), found (a number|a boolean|true|false|an array)"
              + "|the field is there twice, by both of its names"
              + "|expected a time as in 2025-12-31T12:00:00Z, found '.*'"
              + "|not Base64: .*"
              + "|expected a name or an integer, found '.*'"
              + "|expected an integer of 64 bits( in decimal digits)?, found .*)");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "1",
          "3",
          "5.0",
          "7e0",
          "1.5",
          "-1",
          "4294967295",
          "4294967296",
          "1e999",
          "\"\"",
          "\"x\"",
          "\"1\"",
          "\"13\"",
          "\"007\"",
          "\"+5\"",
          "\"-\"",
          "\"1.0\"",
          "\"4294967295\"",
          "\"99999999999999999999\"",
          "\"ALL\"",
          "\"EXACT\"",
          "\"all\"",
          "\"UNRECOGNIZED\"",
          "\"PKIX_ED25519\"",
          "\"PKIX_ED25519_PH\"",
          "\"PKCS1_RSA_PKCS1V5\"",
          "\"ML_DSA_65\"",
          "\"AAAA\"",
          "\"AAA\"",
          "\"AAA=\"",
          "\"AA=\"",
          "\"AA==\"",
          "\"A\"",
          "\"AB\"",
          "\"-_8=\"",
          "\"-_8\"",
          "\"+/8\"",
          "\"+_8\"",
          "\"A A=\"",
          "\"AA\\n==\"",
          "\"====\"",
          "\"2020-01-01T00:00:00Z\"",
          "\"2020-01-01T00:00:60Z\"",
          "\"2020-02-30T00:00:00Z\"",
          "\"2020-01-01T24:00:00Z\"",
          "\"2020-1-1T0:0:0Z\"",
          "\"1969-12-31T23:59:59.123456789Z\"",
          "\"1582-10-10T23:59:59.5Z\"",
          "\"2020-01-01T00:00:00.1234567891Z\"",
          "\"2020-01-01T00:00:00.Z\"",
          "\"2020-01-01T00:00:00-23:59\"",
          "\"2020-01-01T00:00:00+99:00\"",
          "\"2020-01-01t00:00:00z\"",
          "\"0001-01-01T00:00:00Z\"",
          "\"0001-01-01T00:00:00+00:01\"",
          "\"9999-12-31T23:59:59.999999999Z\"",
          "\"9999-12-31T23:59:59-00:01\"",
          "\"2024-02-29T12:00:00+05:30\"",
          "\"2100-02-29T12:00:00Z\"",
          "[]",
          "{}",
          "[null]",
          "[\"AAAA\"]",
          "[{}]",
          "{\"x\":{\"start\":\"now\"}}",
          "{\"start\":null,\"end\":\"2020-01-01T00:00:00Z\"}",
          "{\"start\":\"2020-01-01T00:00:00Z\"}",
          "{\"keyId\":\"AAAAAA==\"}",
          "{\"key_id\":\"AAAAAA==\"}");

  /** Says on standard error which times it takes although there are none such. */
  private static final Logger LIBRARY = Logger.getLogger(Timestamps.class.getName());

  @BeforeAll
  static void silence() {
    LIBRARY.setLevel(Level.OFF);
  }

  @AfterAll
  static void listen() {
    LIBRARY.setLevel(null);
  }

  // --- the same by the library

  private static Bytes bytes(com.google.protobuf.ByteString string) {
    return Bytes.of(string.toByteArray());
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private static TimeRange range(dev.sigstore.proto.common.v1.TimeRange range) {
    return new TimeRange(
        range.hasStart() ? Optional.of(instant(range.getStart())) : Optional.empty(),
        range.hasEnd() ? Optional.of(instant(range.getEnd())) : Optional.empty());
  }

  private static <E extends Enum<E>> Optional<E> constant(E[] constants, Enum<?> found) {
    for (E each : constants) {
      if (each.name().equals(found.name())) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private static TransparencyLogInstance log(
      dev.sigstore.proto.trustroot.v1.TransparencyLogInstance log) {
    return new TransparencyLogInstance(
        log.getBaseUrl(),
        new TransparencyLogInstance.PublicKey(
            bytes(log.getPublicKey().getRawBytes()),
            constant(PublicKeyDetails.values(), log.getPublicKey().getKeyDetails()),
            range(log.getPublicKey().getValidFor())),
        bytes(log.getLogId().getKeyId()),
        bytes(log.getCheckpointKeyId().getKeyId()));
  }

  private static CertificateAuthority authority(
      dev.sigstore.proto.trustroot.v1.CertificateAuthority authority) {
    List<Bytes> certificates = new ArrayList<>();
    authority
        .getCertChain()
        .getCertificatesList()
        .forEach(each -> certificates.add(bytes(each.getRawBytes())));
    return new CertificateAuthority(
        authority.getUri(), certificates, range(authority.getValidFor()));
  }

  private static Service service(dev.sigstore.proto.trustroot.v1.Service service) {
    return new Service(
        service.getUrl(),
        Integer.toUnsignedLong(service.getMajorApiVersion()),
        range(service.getValidFor()),
        service.getOperator());
  }

  private static ServiceConfiguration configuration(
      dev.sigstore.proto.trustroot.v1.ServiceConfiguration configuration) {
    return new ServiceConfiguration(
        constant(Selector.values(), configuration.getSelector()),
        Integer.toUnsignedLong(configuration.getCount()));
  }

  private static TrustedRootMessage rootByLibrary(String json)
      throws InvalidProtocolBufferException {
    var root = dev.sigstore.proto.trustroot.v1.TrustedRoot.newBuilder();
    JsonFormat.parser().ignoringUnknownFields().merge(json, root);
    return new TrustedRootMessage(
        root.getMediaType(),
        root.getTlogsList().stream().map(TrustDifferentialTest::log).toList(),
        root.getCertificateAuthoritiesList().stream()
            .map(TrustDifferentialTest::authority)
            .toList(),
        root.getCtlogsList().stream().map(TrustDifferentialTest::log).toList(),
        root.getTimestampAuthoritiesList().stream().map(TrustDifferentialTest::authority).toList());
  }

  private static SigningConfigMessage configByLibrary(String json)
      throws InvalidProtocolBufferException {
    var config = dev.sigstore.proto.trustroot.v1.SigningConfig.newBuilder();
    JsonFormat.parser().ignoringUnknownFields().merge(json, config);
    return new SigningConfigMessage(
        config.getMediaType(),
        config.getCaUrlsList().stream().map(TrustDifferentialTest::service).toList(),
        config.getOidcUrlsList().stream().map(TrustDifferentialTest::service).toList(),
        config.getRekorTlogUrlsList().stream().map(TrustDifferentialTest::service).toList(),
        configuration(config.getRekorTlogConfig()),
        config.getTsaUrlsList().stream().map(TrustDifferentialTest::service).toList(),
        configuration(config.getTsaConfig()));
  }

  // --- comparison

  /** Reads a message. */
  @FunctionalInterface
  private interface Parser<T> {
    T parse(String json) throws InvalidProtocolBufferException;
  }

  /** Both ways to read a message, and what has been found. */
  private static final class Comparison<T> {
    private final JsonReader.Production<T> ours;
    private final Parser<T> theirs;
    private int accepted;
    private int refused;
    private int stricter;

    Comparison(JsonReader.Production<T> ours, Parser<T> theirs) {
      this.ours = ours;
      this.theirs = theirs;
    }

    void add(String json) {
      Optional<T> expected;
      try {
        expected = Optional.of(theirs.parse(json));
      } catch (InvalidProtocolBufferException e) {
        expected = Optional.empty();
      }
      try {
        T found = JsonReader.read("document", json.getBytes(StandardCharsets.UTF_8), 100_000, ours);
        assertThat(Optional.of(found)).as(json).isEqualTo(expected);
        accepted++;
      } catch (MalformedJsonException e) {
        if (expected.isPresent()) {
          assertThat(e.getMessage()).as(json).matches(STRICTER);
          stricter++;
        } else {
          refused++;
        }
      }
    }
  }

  private static Comparison<TrustedRootMessage> roots() {
    return new Comparison<>(
        json -> TrustedRootJson.read("document", json), TrustDifferentialTest::rootByLibrary);
  }

  private static Comparison<SigningConfigMessage> configs() {
    return new Comparison<>(
        json -> SigningConfigJson.read("document", json), TrustDifferentialTest::configByLibrary);
  }

  // --- changes

  private static JsonElement value(Random random) {
    return JsonParser.parseString(VALUES.get(random.nextInt(VALUES.size())));
  }

  private static String otherName(String name) {
    StringBuilder other = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        other.append('_').append(Character.toLowerCase(c));
      } else {
        other.append(c);
      }
    }
    return other.toString();
  }

  private static void collect(JsonElement element, List<JsonElement> found) {
    if (element instanceof JsonObject object) {
      found.add(object);
      object.asMap().values().forEach(each -> collect(each, found));
    } else if (element instanceof JsonArray array) {
      found.add(array);
      array.forEach(each -> collect(each, found));
    }
  }

  private static void change(JsonElement root, Random random) {
    List<JsonElement> all = new ArrayList<>();
    collect(root, all);
    JsonElement chosen = all.get(random.nextInt(all.size()));
    if (chosen instanceof JsonArray array) {
      if (array.isEmpty() || random.nextInt(4) == 0) {
        array.add(value(random));
      } else if (random.nextInt(2) == 0) {
        array.remove(random.nextInt(array.size()));
      } else {
        array.set(random.nextInt(array.size()), value(random));
      }
      return;
    }
    JsonObject object = chosen.getAsJsonObject();
    if (object.isEmpty()) {
      object.add("unknown", value(random));
      return;
    }
    String name = List.copyOf(object.keySet()).get(random.nextInt(object.size()));
    switch (random.nextInt(8)) {
      case 0 -> object.remove(name);
      case 1 -> object.add(otherName(name), object.remove(name));
      case 2 -> object.add(otherName(name), object.get(name));
      case 3 -> object.add(random.nextBoolean() ? "unknown" : "_" + name, value(random));
      case 4 -> object.add(name, JsonNull.INSTANCE);
      default -> object.add(name, value(random));
    }
  }

  private static void compare(Comparison<?> comparison, String base, long seed) {
    comparison.add(base);
    assertThat(comparison.accepted).isOne();
    JsonElement original = JsonParser.parseString(base);
    Random random = new Random(seed);
    for (int i = 0; i < RUNS; i++) {
      JsonElement changed = original.deepCopy();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        change(changed, random);
      }
      comparison.add(changed.toString());
    }
    assertThat(comparison.accepted).isGreaterThan(RUNS / 5);
    assertThat(comparison.refused).isGreaterThan(RUNS / 10);
    assertThat(comparison.stricter).isBetween(RUNS / 100, RUNS / 3);
  }

  @Test
  void readsTrustedRootsAsTheLibraryDoes() {
    JsonObject root =
        JsonParser.parseString(new TestSigstore().trustedRootJson()).getAsJsonObject();
    // All fields, few of each.
    JsonObject log = root.getAsJsonArray("tlogs").get(0).getAsJsonObject();
    log.addProperty("hashAlgorithm", "SHA2_256");
    log.addProperty("operator", "us");
    log.add("checkpointKeyId", JsonParser.parseString("{\"keyId\":\"AAAAAA==\"}"));
    JsonObject authority = root.getAsJsonArray("certificateAuthorities").get(0).getAsJsonObject();
    authority.addProperty("operator", "us");
    authority.add(
        "subject", JsonParser.parseString("{\"organization\":\"us\",\"commonName\":\"CA\"}"));
    compare(roots(), root.toString(), 1);
  }

  @Test
  void readsSigningConfigurationsAsTheLibraryDoes() {
    String service =
        "[{\"url\":\"https://a.test\",\"majorApiVersion\":1,\"validFor\":{\"start\":"
            + "\"2020-01-01T00:00:00Z\",\"end\":\"2040-01-01T00:00:00Z\"},\"operator\":\"us\"}]";
    compare(
        configs(),
        "{\"mediaType\":\"application/vnd.dev.sigstore.signingconfig.v0.2+json\",\"caUrls\":"
            + service
            + ",\"oidcUrls\":"
            + service
            + ",\"rekorTlogUrls\":"
            + service
            + ",\"rekorTlogConfig\":{\"selector\":\"ANY\"},\"tsaUrls\":"
            + service
            + ",\"tsaConfig\":{\"selector\":\"EXACT\",\"count\":1}}",
        2);
  }

  @Test
  void readsEachValueInEachFieldAsTheLibraryDoes() {
    Comparison<TrustedRootMessage> roots = roots();
    Comparison<SigningConfigMessage> configs = configs();
    List<String> rootFields =
        List.of(
            "%s",
            "{\"mediaType\":%s}",
            "{\"tlogs\":%s}",
            "{\"certificateAuthorities\":%s}",
            "{\"tlogs\":[{\"baseUrl\":%s}]}",
            "{\"tlogs\":[{\"hashAlgorithm\":%s}]}",
            "{\"tlogs\":[{\"publicKey\":%s}]}",
            "{\"tlogs\":[{\"public_key\":{\"raw_bytes\":%s}}]}",
            "{\"tlogs\":[{\"publicKey\":{\"keyDetails\":%s}}]}",
            "{\"tlogs\":[{\"publicKey\":{\"validFor\":%s}}]}",
            "{\"ctlogs\":[{\"publicKey\":{\"valid_for\":{\"start\":%s}}}]}",
            "{\"ctlogs\":[{\"publicKey\":{\"validFor\":{\"end\":%s}}}]}",
            "{\"ctlogs\":[{\"logId\":%s}]}",
            "{\"ctlogs\":[{\"checkpoint_key_id\":%s}]}",
            "{\"timestampAuthorities\":[{\"subject\":%s}]}",
            "{\"timestampAuthorities\":[{\"subject\":{\"common_name\":%s}}]}",
            "{\"timestamp_authorities\":[{\"certChain\":%s}]}",
            "{\"timestamp_authorities\":[{\"cert_chain\":{\"certificates\":%s}}]}",
            "{\"timestamp_authorities\":[{\"certChain\":{\"certificates\":[{\"rawBytes\":%s}]}}]}",
            "{\"other\":%s,\"tlogs\":[{\"other\":%s,\"publicKey\":{\"other\":%s}}]}");
    List<String> configFields =
        List.of(
            "%s",
            "{\"media_type\":%s}",
            "{\"caUrls\":%s}",
            "{\"oidc_urls\":[{\"url\":%s}]}",
            "{\"tsa_urls\":[{\"major_api_version\":%s}]}",
            "{\"rekor_tlog_urls\":[{\"validFor\":%s}]}",
            "{\"rekorTlogUrls\":[{\"operator\":%s}]}",
            "{\"rekor_tlog_config\":%s}",
            "{\"tsa_config\":{\"selector\":%s}}",
            "{\"tsaConfig\":{\"count\":%s}}");
    for (String value : VALUES) {
      rootFields.forEach(field -> roots.add(field.replace("%s", value)));
      configFields.forEach(field -> configs.add(field.replace("%s", value)));
    }
    assertThat(roots.accepted).isGreaterThan(200);
    assertThat(configs.accepted).isGreaterThan(100);
  }

  @ParameterizedTest
  @WithSharedVectors
  @ValueSource(strings = {"public-good", "staging"})
  void readsThePublishedFilesAsTheLibraryDoes(String instance) throws Exception {
    Path directory = SharedVectors.path("sigstore").resolve(instance);
    Comparison<TrustedRootMessage> roots = roots();
    roots.add(Files.readString(directory.resolve("trusted_root.json")));
    Comparison<SigningConfigMessage> configs = configs();
    configs.add(Files.readString(directory.resolve("signing_config.v0.2.json")));
    assertThat(roots.accepted + configs.accepted).isEqualTo(2);
  }
}
