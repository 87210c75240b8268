package dev.modelsigning.pkcs11.internal.cryptoki;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import dev.modelsigning.bundle.Bytes;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A PKCS #11 module, called with JNA through its function list. */
final class JnaCryptoki implements Cryptoki {

  // Indexes in CK_FUNCTION_LIST.
  private static final int GET_INFO = 2;
  private static final int GET_SLOT_LIST = 4;
  private static final int GET_SLOT_INFO = 5;
  private static final int GET_TOKEN_INFO = 6;
  private static final int GET_MECHANISM_INFO = 8;
  private static final int OPEN_SESSION = 12;
  private static final int CLOSE_SESSION = 13;
  private static final int LOGIN = 18;
  private static final int GET_ATTRIBUTE_VALUE = 24;
  private static final int FIND_OBJECTS_INIT = 26;
  private static final int FIND_OBJECTS = 27;
  private static final int FIND_OBJECTS_FINAL = 28;
  private static final int SIGN_INIT = 42;
  private static final int SIGN = 43;

  private static final long CKF_SERIAL_SESSION = 0x4;

  /** Larger than any structure that a module fills. */
  private static final int STRUCTURE_SIZE = 512;

  /** Larger than any signature: a call to determine its length would be a second operation. */
  private static final int SIGNATURE_SIZE = 1024;

  /** Larger than any attribute that is read, including certificates. */
  private static final int MAX_VALUE = 1024 * 1024;

  /** More slots with tokens than any machine has. */
  private static final int MAX_SLOTS = 1024;

  /** More objects of a class than any token contains. */
  private static final int MAX_OBJECTS = 10_000;

  /** How often the list of slots is read again because tokens were inserted meanwhile. */
  private static final int MAX_TRIES = 10;

  private final NativeFunctions functions;
  private final StructureLayout layout;

  JnaCryptoki(NativeFunctions functions) {
    this.functions = functions;
    this.layout = functions.layout();
  }

  @Override
  public LibraryInfo libraryInfo() throws CryptokiException {
    Memory info = structure();
    functions.check("C_GetInfo", GET_INFO, info);
    int description = layout.libraryDescription();
    int major = Byte.toUnsignedInt(info.getByte(description + 32));
    int minor = Byte.toUnsignedInt(info.getByte(description + 33));
    return new LibraryInfo(
        StructureLayout.text(info, 2, 32),
        StructureLayout.text(info, description, 32),
        major << Byte.SIZE | minor);
  }

  @Override
  public List<Long> slots() throws CryptokiException {
    byte present = 1;
    Memory count = new Memory(layout.longSize());
    for (int i = 0; i < MAX_TRIES; i++) {
      functions.check("C_GetSlotList", GET_SLOT_LIST, present, Pointer.NULL, count);
      long length = layout.readLong(count, 0);
      if (length == 0) {
        return List.of();
      }
      requireAtMost(MAX_SLOTS, length, "C_GetSlotList", "slots");
      Memory slots = new Memory(length * layout.longSize());
      long code = functions.returned(GET_SLOT_LIST, present, slots, count);
      if (code == CryptokiException.CKR_BUFFER_TOO_SMALL) {
        continue; // a token was inserted meanwhile
      }
      if (code != CryptokiException.CKR_OK) {
        throw new CryptokiException("C_GetSlotList", code);
      }
      long filled = layout.readLong(count, 0);
      requireAtMost(length, filled, "C_GetSlotList", "slots");
      return longs(slots, (int) filled);
    }
    throw CryptokiException.nonsense("C_GetSlotList", "finds ever more slots");
  }

  /** Requires that an unsigned number is not greater than a limit. */
  private static void requireAtMost(long limit, long found, String function, String what)
      throws CryptokiException {
    if (Long.compareUnsigned(found, limit) > 0) {
      throw CryptokiException.nonsense(
          function,
          "claims " + Long.toUnsignedString(found) + " " + what + ", expected at most " + limit);
    }
  }

  @Override
  public SlotInfo slotInfo(long slot) throws CryptokiException {
    Memory info = structure();
    functions.check("C_GetSlotInfo", GET_SLOT_INFO, ulong(slot), info);
    return new SlotInfo(StructureLayout.text(info, 0, 64), StructureLayout.text(info, 64, 32));
  }

  @Override
  public TokenInfo tokenInfo(long slot) throws CryptokiException {
    Memory info = structure();
    functions.check("C_GetTokenInfo", GET_TOKEN_INFO, ulong(slot), info);
    return new TokenInfo(
        StructureLayout.text(info, 0, 32),
        StructureLayout.text(info, 32, 32),
        StructureLayout.text(info, 64, 16),
        StructureLayout.text(info, 80, 16),
        layout.readLong(info, 96),
        layout.readSignedLong(info, layout.maxPinLength()),
        layout.readSignedLong(info, layout.maxPinLength() + layout.longSize()));
  }

  @Override
  public long mechanismFlags(long slot, long mechanism) throws CryptokiException {
    Memory info = structure();
    long code = functions.returned(GET_MECHANISM_INFO, ulong(slot), ulong(mechanism), info);
    if (code == CryptokiException.CKR_MECHANISM_INVALID) {
      return 0;
    }
    if (code != CryptokiException.CKR_OK) {
      throw new CryptokiException("C_GetMechanismInfo", code);
    }
    return layout.readLong(info, 2 * layout.longSize());
  }

  @Override
  public long openSession(long slot) throws CryptokiException {
    Memory session = new Memory(layout.longSize());
    functions.check(
        "C_OpenSession",
        OPEN_SESSION,
        ulong(slot),
        ulong(CKF_SERIAL_SESSION),
        Pointer.NULL,
        Pointer.NULL,
        session);
    return layout.readLong(session, 0);
  }

  @Override
  public void closeSession(long session) throws CryptokiException {
    functions.check("C_CloseSession", CLOSE_SESSION, ulong(session));
  }

  @Override
  public void login(long session, long user, byte @Nullable [] pin) throws CryptokiException {
    if (pin == null) {
      functions.check("C_Login", LOGIN, ulong(session), ulong(user), Pointer.NULL, ulong(0));
      return;
    }
    // Memory has at least one byte, even for an empty PIN.
    try (Memory memory = new Memory(Math.max(1, pin.length))) {
      memory.write(0, pin, 0, pin.length);
      try {
        functions.check("C_Login", LOGIN, ulong(session), ulong(user), memory, ulong(pin.length));
      } finally {
        memory.clear();
      }
    }
  }

  @Override
  public List<Long> find(long session, long objectClass, List<Attribute> attributes)
      throws CryptokiException {
    Memory classValue = new Memory(layout.longSize());
    layout.writeLong(classValue, 0, objectClass);
    Memory template = new Memory((long) (attributes.size() + 1) * layout.entrySize());
    template.clear();
    layout.writeEntry(template, 0, CKA_CLASS, classValue, layout.longSize());
    List<Memory> values = new ArrayList<>(); // referenced until the search has ended
    values.add(classValue);
    for (Attribute attribute : attributes) {
      Memory value = memory(attribute.value());
      layout.writeEntry(
          template,
          values.size() * layout.entrySize(),
          attribute.type(),
          value,
          attribute.value().length());
      values.add(value);
    }
    functions.check(
        "C_FindObjectsInit", FIND_OBJECTS_INIT, ulong(session), template, ulong(values.size()));
    List<Long> found;
    try {
      found = found(session);
    } catch (CryptokiException e) {
      // The first error is the relevant one.
      long code = functions.returned(FIND_OBJECTS_FINAL, ulong(session));
      if (code != CryptokiException.CKR_OK) {
        e.addSuppressed(new CryptokiException("C_FindObjectsFinal", code));
      }
      throw e;
    } finally {
      Reference.reachabilityFence(values);
    }
    functions.check("C_FindObjectsFinal", FIND_OBJECTS_FINAL, ulong(session));
    return found;
  }

  private List<Long> found(long session) throws CryptokiException {
    int batch = 64;
    Memory objects = new Memory((long) batch * layout.longSize());
    Memory count = new Memory(layout.longSize());
    Set<Long> found = new LinkedHashSet<>();
    while (true) {
      functions.check("C_FindObjects", FIND_OBJECTS, ulong(session), objects, ulong(batch), count);
      long length = layout.readLong(count, 0);
      if (length == 0) {
        return List.copyOf(found);
      }
      requireAtMost(batch, length, "C_FindObjects", "objects at a time");
      for (long object : longs(objects, (int) length)) {
        if (!found.add(object)) {
          throw CryptokiException.nonsense("C_FindObjects", "finds an object twice");
        }
      }
      requireAtMost(MAX_OBJECTS, found.size(), "C_FindObjects", "objects of a class");
    }
  }

  @Override
  public Optional<Bytes> value(long session, long object, long attribute) throws CryptokiException {
    Memory template = new Memory(layout.entrySize());
    template.clear();
    layout.writeEntry(template, 0, attribute, Pointer.NULL, 0);
    long length = valueLength(session, object, template);
    if (length == -1) {
      return Optional.empty();
    }
    requireAtMost(MAX_VALUE, length, "C_GetAttributeValue", "bytes");
    if (length == 0) {
      return Optional.of(Bytes.of(new byte[0]));
    }
    Memory value = new Memory(length);
    layout.writeEntry(template, 0, attribute, value, length);
    long filled = valueLength(session, object, template);
    if (filled == -1) {
      return Optional.empty();
    }
    requireAtMost(length, filled, "C_GetAttributeValue", "bytes");
    return Optional.of(Bytes.of(value.getByteArray(0, (int) filled)));
  }

  /**
   * The length of the value, which is stored in the template if there is room; -1 if none is
   * returned.
   */
  private long valueLength(long session, long object, Memory template) throws CryptokiException {
    long code =
        functions.returned(GET_ATTRIBUTE_VALUE, ulong(session), ulong(object), template, ulong(1));
    if (code == CryptokiException.CKR_ATTRIBUTE_TYPE_INVALID
        || code == CryptokiException.CKR_ATTRIBUTE_SENSITIVE) {
      return -1;
    }
    if (code != CryptokiException.CKR_OK) {
      throw new CryptokiException("C_GetAttributeValue", code);
    }
    return layout.readSignedLong(template, layout.entryLength());
  }

  @Override
  public Optional<Long> number(long session, long object, long attribute) throws CryptokiException {
    Optional<Bytes> value = value(session, object, attribute);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    int length = value.get().length();
    if (length != 1 && length != layout.longSize()) {
      return Optional.empty();
    }
    Memory memory = memory(value.get());
    return Optional.of(
        length == 1 ? Byte.toUnsignedLong(memory.getByte(0)) : layout.readLong(memory, 0));
  }

  @Override
  public void signInit(long session, long mechanism, long key) throws CryptokiException {
    Memory structure = new Memory(layout.entrySize());
    structure.clear();
    layout.writeEntry(structure, 0, mechanism, Pointer.NULL, 0);
    functions.check("C_SignInit", SIGN_INIT, ulong(session), structure, ulong(key));
  }

  @Override
  public Bytes sign(long session, Bytes data) throws CryptokiException {
    Memory signature = new Memory(SIGNATURE_SIZE);
    Memory length = new Memory(layout.longSize());
    layout.writeLong(length, 0, SIGNATURE_SIZE);
    functions.check(
        "C_Sign", SIGN, ulong(session), memory(data), ulong(data.length()), signature, length);
    long filled = layout.readLong(length, 0);
    requireAtMost(SIGNATURE_SIZE, filled, "C_Sign", "bytes");
    return Bytes.of(signature.getByteArray(0, (int) filled));
  }

  private static NativeLong ulong(long value) {
    return new NativeLong(value, true);
  }

  private static Memory structure() {
    Memory memory = new Memory(STRUCTURE_SIZE);
    memory.clear();
    return memory;
  }

  private static Memory memory(Bytes bytes) {
    // Memory has at least one byte.
    Memory memory = new Memory(Math.max(1, bytes.length()));
    memory.write(0, bytes.toArray(), 0, bytes.length());
    return memory;
  }

  private List<Long> longs(Memory memory, int count) {
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(layout.readLong(memory, i * layout.longSize()));
    }
    return values;
  }
}
