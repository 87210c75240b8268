package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every field of a good bundle changed, removed, and swapped with that of another signing by the
 * same signer: all of it must be refused, and by no other exceptions than those for bad input.
 */
class TamperMatrixTest {

  /** What can be wrong where a byte of the signer's certificate was changed. */
  private static final Set<Reason> OF_CERTIFICATES =
      Set.of(
          Reason.INVALID_SIGNATURE,
          Reason.UNTRUSTED_CERTIFICATE,
          Reason.UNTRUSTED_LOG_ENTRY,
          Reason.WRONG_IDENTITY);

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();
  private static final String OTHER = new StatementText().file("a", "beta").toString();

  private final TestSigstore sigstore = new TestSigstore();
  private final SigstoreVerifier verifier =
      SigstoreVerifier.using(
          sigstore.trustedRoot(),
          IdentityPolicy.exactly(TestSigstore.IDENTITY, TestSigstore.ISSUER));

  @TestFactory
  Stream<DynamicTest> refusesEveryChangeOfABundleOfRekorV1() {
    return matrix(TestSigning.version1(sigstore, PAYLOAD), TestSigning.version1(sigstore, OTHER));
  }

  @TestFactory
  Stream<DynamicTest> refusesEveryChangeOfABundleOfRekorV2() {
    return matrix(TestSigning.version2(sigstore, PAYLOAD), TestSigning.version2(sigstore, OTHER));
  }

  @TestFactory
  Stream<DynamicTest> refusesEveryChangeOfABundleWithBothLogsAndATimeStamp() {
    // One entry and one time are enough, so one of the two may be absent.
    return matrix(both(PAYLOAD), both(OTHER))
        .filter(
            test -> !test.getDisplayName().matches("remove /verif.*/(tlogEntries/[01]|time.*)"));
  }

  private Bundle both(String payload) {
    return TestSigning.of(sigstore, payload)
        .logDsse1(TestSigning.SOON)
        .logHashedRekord2()
        .timestamp(TestSigning.SOON)
        .bundle();
  }

  /** The log takes whatever it is sent, so what is in it must be compared, field by field. */
  @TestFactory
  Stream<DynamicTest> refusesEveryChangeOfWhatIsInTheLog() {
    TestSigning signing = TestSigning.of(sigstore, PAYLOAD);
    TestSigning other = TestSigning.of(sigstore, OTHER);
    return Stream.concat(
        mutations(parse(signing.dsse1Body()), parse(other.dsse1Body())).stream()
            // The hash over the envelope as it was sent, which is not the one of the bundle.
            .filter(mutation -> !mutation.name().contains("envelopeHash"))
            .map(mutation ->
                dynamicTest(
                    "v1 " + mutation.name(),
                    () -> {
                      String entry =
                          sigstore.log1.add(
                              "dsse", "0.0.1", mutation.json().toString(), TestSigning.SOON);
                      refusesTheEntry(fresh(signing).entry(entry).bundle());
                    })),
        mutations(parse(signing.hashedRekord2Body()), parse(other.hashedRekord2Body())).stream()
            .map(mutation ->
                dynamicTest(
                    "v2 " + mutation.name(),
                    () -> {
                      String entry =
                          sigstore.log2.add(
                              "hashedrekord",
                              "0.0.2",
                              mutation.json().toString(),
                              TestSigning.SOON);
                      refusesTheEntry(
                          fresh(signing).entry(entry).timestamp(TestSigning.SOON).bundle());
                    })));
  }

  /** Bytes of certificates and time stamps changed at random, always the same way. */
  @Test
  void failsInNoOtherWayWhateverByteIsChanged() {
    Bundle good = both(PAYLOAD);
    UnsignedParts unsigned = UnsignedParts.of(good.rfc3161Timestamps().get(0).toArray());
    Random random = new Random(4711);
    for (int i = 0; i < 1_500; i++) {
      byte[] certificate =
          ((VerificationMaterial.X509Certificate) good.verificationMaterial()).rawBytes().toArray();
      byte[] timestamp = good.rfc3161Timestamps().get(0).toArray();
      boolean inCertificate = random.nextBoolean();
      byte[] changed = inCertificate ? certificate : timestamp;
      int place = random.nextInt(changed.length);
      byte before = changed[place];
      changed[place] = (byte) random.nextInt(256);
      if (changed[place] == before) {
        continue;
      }
      Bundle bundle =
          new Bundle(
              good.mediaType(),
              new VerificationMaterial.X509Certificate(Bytes.of(certificate)),
              good.tlogEntries(),
              List.of(Bytes.of(timestamp)),
              good.envelope());
      Throwable failure = catchThrowable(() -> verifier.verify(bundle));
      if (failure == null && !inCertificate && unsigned.contains(place)) {
        continue;
      }
      assertThat(failure)
          .as(
              "byte %d of %d in the %s",
              place, changed.length, inCertificate ? "certificate" : "time stamp")
          .isInstanceOf(VerificationException.class)
          .extracting("reason")
          .isIn(inCertificate ? OF_CERTIFICATES : Set.of(Reason.UNTRUSTED_TIMESTAMP));
      assertThat(failure.getMessage()).doesNotContain("\n", "Exception");
    }
  }

  /**
   * Each byte that is not listed as unsigned, so that the list is whole and no longer than that.
   */
  @Test
  void refusesAChangeOfEveryByteOfATimeStampThatIsSigned() {
    Bundle good = TestSigning.version2(sigstore, PAYLOAD);
    byte[] timestamp = good.rfc3161Timestamps().get(0).toArray();
    UnsignedParts unsigned = UnsignedParts.of(timestamp);
    assertThat(timestamp.length - unsigned.length()).isGreaterThan(timestamp.length / 3);
    List<String> passed = new ArrayList<>();
    for (int place = 0; place < timestamp.length; place++) {
      if (unsigned.contains(place)) {
        continue;
      }
      for (int bit : new int[] {0x01, 0x80}) {
        byte[] changed = timestamp.clone();
        changed[place] ^= (byte) bit;
        Bundle bundle =
            new Bundle(
                good.mediaType(),
                good.verificationMaterial(),
                good.tlogEntries(),
                List.of(Bytes.of(changed)),
                good.envelope());
        Throwable failure = catchThrowable(() -> verifier.verify(bundle));
        if (failure == null) {
          passed.add("bit " + bit + " of byte " + place + " of " + changed.length);
        } else {
          assertThat(failure)
              .isInstanceOf(VerificationException.class)
              .extracting("reason")
              .isEqualTo(Reason.UNTRUSTED_TIMESTAMP);
        }
      }
    }
    assertThat(passed).isEmpty();
  }

  private TestSigning fresh(TestSigning signing) {
    return new TestSigning(sigstore, signing.certificate, signing.envelope);
  }

  private void refusesTheEntry(Bundle bundle) {
    assertThat(catchThrowable(() -> verifier.verify(bundle)))
        .isInstanceOf(VerificationException.class)
        .extracting("reason")
        .isEqualTo(Reason.UNTRUSTED_LOG_ENTRY);
  }

  private Stream<DynamicTest> matrix(Bundle good, Bundle other) {
    JsonElement json = parse(text(good));
    assertThat(catchThrowable(() -> verifier.verify(Forge.parse(json.toString())))).isNull();
    List<Mutation> mutations = new ArrayList<>(mutations(json, parse(text(other))));
    mutations.add(
        swap(json, parse(text(other)), "dsseEnvelope", "verificationMaterial/certificate"));
    mutations.add(
        swap(json, parse(text(other)), "dsseEnvelope", "verificationMaterial/tlogEntries"));
    mutations.add(
        swap(
            json,
            parse(text(other)),
            "verificationMaterial/certificate",
            "verificationMaterial/tlogEntries"));
    assertThat(mutations).hasSizeGreaterThan(80);
    return mutations.stream()
        // The name of a key, which is ignored (DSSE) and may be absent.
        .filter(mutation -> !mutation.name().contains("keyid"))
        .map(mutation ->
            dynamicTest(
                mutation.name(),
                () -> {
                  if (!changesOnlyUnsignedBytes(json, mutation.json())) {
                    refuses(mutation.json().toString());
                  }
                }));
  }

  /** Whether the only change is one of bytes of a time stamp that no signature covers. */
  private static boolean changesOnlyUnsignedBytes(JsonElement good, JsonElement changed) {
    Optional<byte[]> before = timestamp(good);
    Optional<byte[]> after = timestamp(changed);
    if (before.isEmpty() || after.isEmpty() || Arrays.equals(before.get(), after.get())) {
      return false;
    }
    return UnsignedParts.of(before.get()).coverChangesTo(after.get());
  }

  private static Optional<byte[]> timestamp(JsonElement bundle) {
    try {
      String base64 =
          bundle
              .getAsJsonObject()
              .getAsJsonObject("verificationMaterial")
              .getAsJsonObject("timestampVerificationData")
              .getAsJsonArray("rfc3161Timestamps")
              .get(0)
              .getAsJsonObject()
              .get("signedTimestamp")
              .getAsString();
      return Optional.of(Base64.getDecoder().decode(base64));
    } catch (RuntimeException e) {
      // It is not there, or changed so that it is something else: then nothing may pass.
      return Optional.empty();
    }
  }

  private void refuses(String json) {
    Throwable failure = catchThrowable(() -> verifier.verify(Forge.parse(json)));
    assertThat(failure)
        .isInstanceOfAny(VerificationException.class, MalformedBundleException.class);
    assertThat(failure.getMessage()).isNotBlank().doesNotContain("\n", "Exception");
  }

  // --- changes of JSON

  private record Mutation(String name, JsonElement json) {}

  private static String text(Bundle bundle) {
    return new String(bundle.toJson().toArray(), StandardCharsets.UTF_8);
  }

  private static JsonElement parse(String json) {
    return JsonParser.parseString(json);
  }

  private static Mutation swap(JsonElement json, JsonElement other, String... places) {
    JsonElement result = json.deepCopy();
    for (String place : places) {
      String[] names = place.split("/", -1);
      JsonObject to = result.getAsJsonObject();
      JsonObject from = other.getAsJsonObject();
      for (int i = 0; i < names.length - 1; i++) {
        to = to.getAsJsonObject(names[i]);
        from = from.getAsJsonObject(names[i]);
      }
      to.add(names[names.length - 1], from.get(names[names.length - 1]));
    }
    return new Mutation("swap " + String.join(" and ", places), result);
  }

  private static List<Mutation> mutations(JsonElement json, JsonElement other) {
    List<Mutation> mutations = new ArrayList<>();
    collect(json, other, "", json, mutations);
    return mutations;
  }

  /** Adds the changes of all members or elements of a node. */
  private static void collect(
      JsonElement node, JsonElement other, String place, JsonElement root, List<Mutation> result) {
    if (node instanceof JsonObject object) {
      for (String name : List.copyOf(object.keySet())) {
        JsonElement child = object.get(name);
        JsonElement swapped = ((JsonObject) other).get(name);
        mutate(
            child,
            swapped,
            place + "/" + name,
            root,
            value -> object.add(name, value),
            () -> object.remove(name),
            result);
        object.add(name, child);
        collect(child, swapped, place + "/" + name, root, result);
      }
    } else if (node instanceof JsonArray array) {
      for (int i = 0; i < array.size() && i < ((JsonArray) other).size(); i++) {
        int index = i;
        JsonElement child = array.get(i);
        JsonElement swapped = ((JsonArray) other).get(i);
        mutate(
            child,
            swapped,
            place + "/" + i,
            root,
            value -> array.set(index, value),
            () -> array.remove(index),
            result);
        restore(array, index, child);
        collect(child, swapped, place + "/" + i, root, result);
      }
    }
  }

  private static void mutate(
      JsonElement child,
      JsonElement swapped,
      String place,
      JsonElement root,
      Consumer<JsonElement> setter,
      Runnable remover,
      List<Mutation> result) {
    for (JsonElement changed : changes(child)) {
      setter.accept(changed);
      result.add(new Mutation("change " + place + " to " + brief(changed), root.deepCopy()));
    }
    if (!swapped.equals(child)) {
      setter.accept(swapped);
      result.add(new Mutation("swap " + place, root.deepCopy()));
    }
    setter.accept(child);
    remover.run();
    result.add(new Mutation("remove " + place, root.deepCopy()));
  }

  private static void restore(JsonArray array, int index, JsonElement child) {
    List<JsonElement> rest = new ArrayList<>(array.asList());
    rest.add(index, child);
    while (array.size() > 0) {
      array.remove(array.size() - 1);
    }
    rest.forEach(array::add);
  }

  private static String brief(JsonElement value) {
    String text = value.toString();
    return text.length() < 30 ? text : text.substring(0, 30) + "...";
  }

  private static List<JsonElement> changes(JsonElement value) {
    List<JsonElement> changes = new ArrayList<>();
    if (value instanceof JsonPrimitive primitive) {
      String text = primitive.getAsString();
      changes.add(new JsonPrimitive(text + "x"));
      changes.add(new JsonPrimitive(""));
      if (text.matches("[0-9]+")) {
        changes.add(new JsonPrimitive(Long.toString(Long.parseLong(text) + 1)));
        changes.add(new JsonPrimitive(Long.toString(Long.parseLong(text) - 1)));
        changes.add(new JsonPrimitive(Long.toString(Long.MAX_VALUE)));
        changes.add(new JsonPrimitive("-1"));
      } else if (text.length() % 4 == 0 && text.matches("[A-Za-z0-9+/]{8,}={0,2}")) {
        byte[] bytes = Base64.getDecoder().decode(text);
        for (int place : new int[] {0, bytes.length / 3, bytes.length / 2, bytes.length - 2}) {
          byte[] flipped = bytes.clone();
          flipped[place] ^= 1;
          changes.add(new JsonPrimitive(TestSigstore.base64(flipped)));
        }
        changes.add(new JsonPrimitive(TestSigstore.base64(new byte[bytes.length])));
      } else if (text.length() > 1) {
        changes.add(new JsonPrimitive(text.substring(1)));
        changes.add(new JsonPrimitive(text.substring(0, text.length() - 1)));
      }
    } else {
      changes.add(new JsonPrimitive("x"));
      changes.add(value.isJsonObject() ? new JsonArray() : new JsonObject());
    }
    return changes;
  }
}
