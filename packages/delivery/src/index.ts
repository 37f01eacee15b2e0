export type { DeadEntry, DeadReason, Entry, Floor, Floors, LaneEffect, OrderRecord } from './record.ts'
