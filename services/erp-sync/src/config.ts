import { Type } from 'typebox'

export const config = Type.Object({
  ERP_URL: Type.String({ pattern: '^https?://', description: "the ERP's API, such as https://erp.example/api" }),
})
