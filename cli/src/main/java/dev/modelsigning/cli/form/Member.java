package dev.modelsigning.cli.form;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;

/**
 * A field of a command, or of what it has in a field. It is looked up when it is first read or
 * written: most options are not given, and looking up a field takes longer than parsing does.
 */
final class Member implements IGetter, ISetter {

  /** The object with the field, or the field that has it. */
  private final Object owner;

  /** How many classes above that of the object have declared it. */
  private final int above;

  private final String name;
  private @Nullable Object object;
  private @Nullable Field field;

  Member(Object owner, int above, String name) {
    this.owner = owner;
    this.above = above;
    this.name = name;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T> @Nullable T get() {
    try {
      return (T) field().get(object);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** Picocli asks for the value before, and does not use it. */
  @Override
  public <T> @Nullable T set(@Nullable T value) {
    try {
      field().set(object, value);
      return null;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private Field field() {
    if (field != null) {
      return field;
    }
    object = owner instanceof Member member ? member.get() : owner;
    if (object == null) {
      throw new IllegalStateException(name + " is in nothing");
    }
    Class<?> type = object.getClass();
    for (int i = 0; i < above; i++) {
      type = type.getSuperclass();
    }
    try {
      Field found = type.getDeclaredField(name);
      found.setAccessible(true);
      field = found;
      return found;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(type.getName() + " has no field " + name, e);
    }
  }
}
