package dev.modelsigning.pkcs11;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.cryptoki.CryptokiException;
import dev.modelsigning.pkcs11.internal.token.TokenAccess;
import dev.modelsigning.pkcs11.internal.uri.PercentEncoding;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.testing.TestKeys;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A module with one token in memory, which can be made to fail in every way. */
final class FakeCryptoki implements Cryptoki {

  static final String PIN = "1234";

  /** Whether an object is hidden until login. */
  static final long CKA_PRIVATE = 0x2;

  /** What was called, in order, with the PINs. */
  final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  /** What a function returns in place of working. */
  final Map<String, Long> failures = new HashMap<>();

  long flags = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED;
  List<Long> mechanisms = List.of(CKM_ECDSA);
  private final List<TokenInfo> moreTokens = new ArrayList<>();

  /** What the token says of the length of PINs; nothing if 0. */
  long maxPin;

  long minPin;

  /** The function in which the module hangs, until it is let go. */
  String hanging = "";

  final CountDownLatch hangs = new CountDownLatch(1);
  final CountDownLatch letGo = new CountDownLatch(1);

  /** Once a session has been ended. */
  final CountDownLatch closed = new CountDownLatch(1);

  /** How many bytes too many a signature has. */
  int tooLong;

  private record FakeObject(Map<Long, Bytes> attributes, @Nullable TestKeys keys) {}

  private final Map<Long, FakeObject> objects = new HashMap<>();
  private boolean loggedIn;
  private boolean confirmed;
  private @Nullable FakeObject signing;
  private long mechanism;

  /** A private key, which lies behind the PIN. */
  FakeCryptoki withPrivateKey(TestKeys keys, int id, String label) {
    Map<Long, Bytes> attributes = attributes(CKO_PRIVATE_KEY, id, label);
    attributes.put(CKA_KEY_TYPE, number(CKK_EC));
    attributes.put(CKA_EC_PARAMS, curve(keys));
    attributes.put(CKA_SIGN, Bytes.of(new byte[] {1}));
    return add(attributes, keys);
  }

  /** A public key. */
  FakeCryptoki withPublicKey(TestKeys keys, int id, String label) {
    Map<Long, Bytes> attributes = attributes(CKO_PUBLIC_KEY, id, label);
    attributes.put(CKA_KEY_TYPE, number(CKK_EC));
    attributes.put(CKA_EC_PARAMS, curve(keys));
    attributes.put(CKA_EC_POINT, point(keys));
    return add(attributes, null);
  }

  /** Both. */
  FakeCryptoki withPair(TestKeys keys, int id, String label) {
    return withPrivateKey(keys, id, label).withPublicKey(keys, id, label);
  }

  /** A certificate. */
  FakeCryptoki withCertificate(Bytes der, int id) {
    Map<Long, Bytes> attributes = attributes(CKO_CERTIFICATE, id, "certificate");
    attributes.put(CKA_VALUE, der);
    return add(attributes, null);
  }

  /** Changes an attribute of the object that was added last. */
  FakeCryptoki attribute(long type, Bytes value) {
    objects.get((long) objects.size()).attributes.put(type, value);
    return this;
  }

  FakeCryptoki without(long type) {
    objects.get((long) objects.size()).attributes.remove(type);
    return this;
  }

  FakeCryptoki failing(String function, long code) {
    failures.put(function, code);
    return this;
  }

  FakeCryptoki flags(long more) {
    flags |= more;
    return this;
  }

  private FakeCryptoki add(Map<Long, Bytes> attributes, @Nullable TestKeys keys) {
    objects.put(objects.size() + 1L, new FakeObject(attributes, keys));
    return this;
  }

  private static Map<Long, Bytes> attributes(long objectClass, int id, String label) {
    Map<Long, Bytes> attributes = new HashMap<>();
    attributes.put(CKA_CLASS, number(objectClass));
    attributes.put(CKA_ID, Bytes.of(id == 0 ? new byte[0] : new byte[] {(byte) id}));
    attributes.put(CKA_LABEL, PercentEncoding.utf8(label));
    return attributes;
  }

  static Bytes number(long value) {
    return Bytes.of(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  /** One more token, which says nothing about the length of PINs. */
  FakeCryptoki withToken(String label, String model, String serial, long tokenFlags) {
    moreTokens.add(
        new TokenInfo(text(label), text("Maker"), text(model), text(serial), tokenFlags, 0, 0));
    return this;
  }

  /** How to get at this token. */
  TokenAccess access(SecretSource pins, Consumer<String> warnings) {
    return TokenAccess.of(
            KeyContext.withDefaults()
                .withSecrets(pins)
                .withFindings(finding -> warnings.accept(finding.message())))
        .withCryptoki(this);
  }

  static Bytes curve(TestKeys keys) {
    return Bytes.of(
        HexFormat.of()
            .parseHex(
                switch (keys.algorithm().curve()) {
                  case "P-256" -> "06082a8648ce3d030107";
                  case "P-384" -> "06052b81040022";
                  default -> "06052b81040023";
                }));
  }

  /** The point in the way that the standard says. */
  static Bytes point(TestKeys keys) {
    byte[] encoded = keys.publicKey().getEncoded();
    int length = 1 + 2 * ((keys.algorithm().parameters().getOrder().bitLength() + 7) / 8);
    ByteArrayOutputStream point = new ByteArrayOutputStream();
    point.write(4);
    if (length >= 0x80) {
      point.write(0x81);
    }
    point.write(length);
    point.write(encoded, encoded.length - length, length);
    return Bytes.of(point.toByteArray());
  }

  private void call(String name) throws CryptokiException {
    calls.add(name);
    if (name.equals(hanging)) {
      hang();
    }
    Long failure = failures.get(name);
    if (failure != null) {
      throw new CryptokiException(name, failure);
    }
  }

  /** As native code does, which no interrupt reaches. */
  private void hang() {
    hangs.countDown();
    boolean interrupted = false;
    while (letGo.getCount() > 0) {
      try {
        letGo.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Bytes text(String text) {
    return PercentEncoding.utf8(text);
  }

  @Override
  public LibraryInfo libraryInfo() throws CryptokiException {
    call("C_GetInfo");
    return new LibraryInfo(text("Maker"), text("Fake library"), 2 << 8 | 40);
  }

  @Override
  public List<Long> slots() throws CryptokiException {
    call("C_GetSlotList");
    List<Long> slots = new ArrayList<>(List.of(7L));
    for (long i = 0; i < moreTokens.size(); i++) {
      slots.add(8 + i);
    }
    return slots;
  }

  @Override
  public SlotInfo slotInfo(long slot) throws CryptokiException {
    call("C_GetSlotInfo");
    return new SlotInfo(text("Reader " + slot), text("Slot maker"));
  }

  @Override
  public TokenInfo tokenInfo(long slot) throws CryptokiException {
    call("C_GetTokenInfo");
    return slot == 7
        ? new TokenInfo(
            text("fake"), text("Maker"), text("Model 1"), text("0001"), flags, maxPin, minPin)
        : moreTokens.get((int) slot - 8);
  }

  @Override
  public long mechanismFlags(long slot, long wanted) {
    return mechanisms.contains(wanted) ? CKF_SIGN : 0;
  }

  @Override
  public long openSession(long slot) throws CryptokiException {
    call("C_OpenSession");
    return 42;
  }

  @Override
  public void closeSession(long session) throws CryptokiException {
    call("C_CloseSession");
    loggedIn = false;
    closed.countDown();
  }

  @Override
  public void login(long session, long user, byte @Nullable [] pin) throws CryptokiException {
    String given = pin == null ? "no PIN" : new String(pin, StandardCharsets.UTF_8);
    calls.add("C_Login " + user + " " + given);
    loggedIn |= failures.containsValue(CryptokiException.CKR_USER_ALREADY_LOGGED_IN);
    call("C_Login");
    if (pin != null && !given.equals(PIN)) {
      throw new CryptokiException("C_Login", CryptokiException.CKR_PIN_INCORRECT);
    }
    if (user == CKU_USER) {
      loggedIn = true;
    } else {
      confirmed = true;
    }
  }

  @Override
  public List<Long> find(long session, long objectClass, List<Attribute> attributes)
      throws CryptokiException {
    call("C_FindObjects");
    List<Long> found = new ArrayList<>();
    objects.forEach((handle, object) -> {
      boolean hidden =
          objectClass == CKO_PRIVATE_KEY
              || Bytes.of(new byte[] {1}).equals(object.attributes.get(CKA_PRIVATE));
      boolean visible = !hidden || loggedIn || !needsLogin();
      if (visible
          && number(objectClass).equals(object.attributes.get(CKA_CLASS))
          && attributes.stream()
              .allMatch(each -> each.value().equals(object.attributes.get(each.type())))) {
        found.add(handle);
      }
    });
    return found;
  }

  private boolean needsLogin() {
    return (flags & CKF_LOGIN_REQUIRED) != 0;
  }

  @Override
  public Optional<Bytes> value(long session, long object, long attribute) {
    return Optional.ofNullable(objects.get(object).attributes.get(attribute));
  }

  @Override
  public Optional<Long> number(long session, long object, long attribute) {
    return value(session, object, attribute)
        .map(bytes -> ByteBuffer.wrap(Arrays.copyOf(bytes.toArray(), 8)))
        .map(buffer -> buffer.order(ByteOrder.LITTLE_ENDIAN).getLong());
  }

  @Override
  public void signInit(long session, long wanted, long key) throws CryptokiException {
    call("C_SignInit");
    signing = objects.get(key);
    mechanism = wanted;
    confirmed = false;
  }

  @Override
  public Bytes sign(long session, Bytes data) throws CryptokiException {
    call("C_Sign");
    calls.add("signed " + data.length() + " bytes by 0x" + Long.toHexString(mechanism));
    Bytes always = signing.attributes.get(CKA_ALWAYS_AUTHENTICATE);
    if (always != null && always.toArray()[0] == 1 && !confirmed) {
      throw new CryptokiException("C_Sign", 0x101);
    }
    TestKeys keys = signing.keys;
    try {
      byte[] hash = data.toArray();
      if (mechanism != CKM_ECDSA) {
        String bits = keys.algorithm().prehash().orElseThrow().replace("SHA-", "");
        hash = MessageDigest.getInstance("SHA-" + bits).digest(hash);
      }
      Signature signature = Signature.getInstance("NONEwithECDSAinP1363Format");
      signature.initSign(keys.privateKey());
      signature.update(hash);
      byte[] signed = signature.sign();
      return Bytes.of(Arrays.copyOf(signed, signed.length + tooLong));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
