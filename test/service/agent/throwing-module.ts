/** A module of a user's that cannot be loaded. */
throw new Error("there is no database here");
